package com.nocobase.cluster.tx;

import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.util.Assert;

/**
 * The transactions of spring-tx. A listener lives in the transaction's own list of
 * synchronizations, so that suspending and resuming it takes the listener along.
 */
final class SpringTransactions implements Transactions {

	@Override
	public boolean isActive() {
		return TransactionSynchronizationManager.isSynchronizationActive()
				&& TransactionSynchronizationManager.isActualTransactionActive();
	}

	@Override
	public boolean isReadOnly() {
		return isActive() && TransactionSynchronizationManager.isCurrentTransactionReadOnly();
	}

	@Override
	public @Nullable TransactionListener find(Object key) {
		if (!isActive()) {
			return null;
		}
		for (TransactionSynchronization synchronization : TransactionSynchronizationManager.getSynchronizations()) {
			if (synchronization instanceof Adapted adapted && adapted.key.equals(key)) {
				return adapted.listener;
			}
		}
		return null;
	}

	@Override
	@SuppressWarnings("unchecked")
	public <T extends TransactionListener> T join(Object key, Supplier<T> factory) {
		Assert.state(isActive(), "There is no transaction to join");
		TransactionListener joined = find(key);
		if (joined != null) {
			return (T) joined;
		}
		T listener = factory.get();
		TransactionSynchronizationManager.registerSynchronization(new Adapted(key, listener));
		return listener;
	}

	/**
	 * All effects happen after completion: what is registered while after-commit
	 * callbacks run is still called then, and what fails there fails no transaction.
	 */
	private record Adapted(Object key, TransactionListener listener) implements TransactionSynchronization {

		@Override
		public void savepoint(Object savepoint) {
			this.listener.savepointMade(savepoint);
		}

		@Override
		public void savepointRollback(Object savepoint) {
			this.listener.rolledBackTo(savepoint);
		}

		@Override
		public void beforeCommit(boolean readOnly) {
			this.listener.beforeCommit();
		}

		@Override
		public void afterCompletion(int status) {
			TransactionOutcome outcome = switch (status) {
				case STATUS_COMMITTED -> TransactionOutcome.COMMITTED;
				case STATUS_ROLLED_BACK -> TransactionOutcome.ROLLED_BACK;
				default -> TransactionOutcome.UNKNOWN;
			};
			this.listener.completed(outcome);
		}

	}

}
