package com.nocobase.cluster.tx;

import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.springframework.util.ClassUtils;

/**
 * The Spring transaction of the calling thread, if there is one. Without spring-tx on the
 * class path there never is. Safe from any thread, and each thread sees its own.
 * <p>
 * A transaction of a {@code ReactiveTransactionManager} is bound to a subscriber's
 * context and not to a thread, so it cannot be seen from here.
 */
public interface Transactions {

	/**
	 * Returns whether the calling thread is inside a transaction whose end can be
	 * observed.
	 * @return whether effects can wait for its end
	 */
	boolean isActive();

	/**
	 * Returns whether the calling thread's transaction is a read-only one.
	 * @return whether it is, {@code false} if there is none
	 */
	boolean isReadOnly();

	/**
	 * Returns the listener that has joined the calling thread's transaction under a key.
	 * @param key identifies the listener within a transaction
	 * @return the listener, or {@code null}
	 */
	@Nullable TransactionListener find(Object key);

	/**
	 * Returns the listener that has joined the calling thread's transaction under a key,
	 * and lets a new one join if there is none.
	 * @param <T> the type of the listener
	 * @param key identifies the listener within a transaction
	 * @param factory creates it
	 * @return the listener
	 * @throws IllegalStateException outside a transaction
	 */
	<T extends TransactionListener> T join(Object key, Supplier<T> factory);

	/**
	 * Returns the transactions of this class path.
	 * @return those of Spring if spring-tx is there, else none
	 */
	static Transactions detect() {
		boolean present = ClassUtils.isPresent(
				"org.springframework.transaction.support.TransactionSynchronizationManager",
				Transactions.class.getClassLoader());
		return present ? new SpringTransactions() : new NoTransactions();
	}

}
