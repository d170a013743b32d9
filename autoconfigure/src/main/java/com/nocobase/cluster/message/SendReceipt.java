package com.nocobase.cluster.message;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * What became of a message. Within a transaction a receipt is {@link SendState#PENDING}
 * until the transaction has ended; outside of one it is settled when {@code publish}
 * returns. Safe from any thread.
 */
public interface SendReceipt {

	/**
	 * Returns the state, without waiting.
	 * @return the state now
	 */
	SendState state();

	/**
	 * Waits until the state is settled, but no longer than asked.
	 * @param timeout how long to wait
	 * @return the state then, {@link SendState#PENDING} if the time has passed or the
	 * thread was interrupted
	 * @throws IllegalStateException inside the transaction that the message waits for
	 */
	SendState await(Duration timeout);

	/**
	 * Returns why it {@linkplain SendState#FAILED failed}.
	 * @return the failure, else {@code null}
	 */
	@Nullable Throwable failure();

}
