package com.nocobase.cluster.message;

import java.time.Duration;
import java.util.concurrent.CompletionStage;

import org.jspecify.annotations.Nullable;

/**
 * What became of a message. Within a transaction a receipt is {@link SendState#PENDING}
 * until the transaction has ended; outside of one it is settled when {@code publish}
 * returns, and later than {@code publishAsync} does. Safe from any thread.
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
	 * Returns the settled state to come, for one who does not wait. Inside a transaction
	 * nobody must wait for it, see {@link #await}.
	 * @return completed with the state, never exceptionally; dependents may run on a
	 * thread of the broker's client, so they must not block
	 */
	CompletionStage<SendState> outcome();

	/**
	 * Returns why it {@linkplain SendState#FAILED failed}.
	 * @return the failure, else {@code null}
	 */
	@Nullable Throwable failure();

}
