package com.nocobase.cluster.tx;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.jspecify.annotations.Nullable;
import org.springframework.util.Assert;

import com.nocobase.cluster.message.SendReceipt;
import com.nocobase.cluster.message.SendState;
import com.nocobase.cluster.support.Nanos;

/**
 * The receipt of a {@link Send}, which settles it. Receipts of the capabilities delegate
 * to one. Safe from any thread.
 */
public final class Receipt implements SendReceipt {

	private static final Outcome PENDING = new Outcome(SendState.PENDING, null);

	private static final Outcome SENT = new Outcome(SendState.SENT, null);

	private final CompletableFuture<Outcome> settled = new CompletableFuture<>();

	private volatile DeferredTo deferredTo = () -> false;

	/**
	 * Remembers the transaction that the message waits for.
	 * @param transaction the transaction
	 */
	public void deferredTo(DeferredTo transaction) {
		this.deferredTo = transaction;
	}

	/**
	 * Settles the receipt. Only the first call counts.
	 * @param state the final state
	 * @param cause why it failed, else {@code null}
	 */
	public void settle(SendState state, @Nullable Throwable cause) {
		this.settled.complete((state == SendState.SENT && cause == null) ? SENT : new Outcome(state, cause));
	}

	@Override
	public SendState state() {
		return this.settled.getNow(PENDING).state();
	}

	@Override
	public SendState await(Duration timeout) {
		Assert.isTrue(!timeout.isNegative(), () -> "timeout must not be negative, but is " + timeout);
		Assert.state(this.settled.isDone() || !this.deferredTo.isCurrent(),
				"Cannot wait for a message inside the transaction whose commit it waits for");
		try {
			return this.settled.get(Nanos.of(timeout), TimeUnit.NANOSECONDS).state();
		}
		catch (TimeoutException ex) {
			return SendState.PENDING;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return SendState.PENDING;
		}
		catch (ExecutionException ex) {
			throw new IllegalStateException("A receipt is never completed exceptionally", ex);
		}
	}

	@Override
	public CompletionStage<SendState> outcome() {
		return this.settled.thenApply(Outcome::state);
	}

	@Override
	public @Nullable Throwable failure() {
		return this.settled.getNow(PENDING).failure();
	}

	private record Outcome(SendState state, @Nullable Throwable failure) {
	}

}
