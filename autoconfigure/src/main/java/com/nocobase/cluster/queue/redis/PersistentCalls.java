package com.nocobase.cluster.queue.redis;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Sends a call again and again until the server has answered it, as long as the session
 * is open. Each call is one that the server recognises when it is repeated, or that does
 * no harm then.
 */
final class PersistentCalls {

	private static final Duration AGAIN = Duration.ofMillis(500);

	private final String channel;

	private final QueueSession session;

	private final RedisQueueServer queue;

	PersistentCalls(String channel, QueueSession session, RedisQueueServer queue) {
		this.channel = channel;
		this.session = session;
		this.queue = queue;
	}

	/**
	 * Sends a call.
	 * @param <T> the type of the answer
	 * @param call sends it once
	 * @return the answer, or the last failure when the session is over; dependents run on
	 * the driver's thread
	 */
	<T> CompletableFuture<T> untilAnswered(Supplier<CompletableFuture<T>> call) {
		CompletableFuture<T> answer = new CompletableFuture<>();
		send(call, answer);
		return answer;
	}

	private <T> void send(Supplier<CompletableFuture<T>> call, CompletableFuture<T> answer) {
		CompletableFuture<T> sent;
		try {
			sent = call.get();
		}
		catch (RuntimeException ex) {
			sent = CompletableFuture.failedFuture(ex);
		}
		sent.whenComplete((result, ex) -> {
			if (ex == null) {
				answer.complete(result);
			}
			else {
				sendAgain(call, answer, ex);
			}
		});
	}

	private <T> void repeat(Supplier<CompletableFuture<T>> call, CompletableFuture<T> answer, Throwable failure) {
		// A session that has left must not take anything any more.
		if (this.session.isOpen()) {
			send(call, answer);
		}
		else {
			answer.completeExceptionally(failure);
		}
	}

	private <T> void sendAgain(Supplier<CompletableFuture<T>> call, CompletableFuture<T> answer, Throwable failure) {
		if (!this.session.isOpen()) {
			answer.completeExceptionally(failure);
			return;
		}
		this.queue.failed()
			.warn(this.channel, "Redis did not take a call of channel '%s'; it is sent again".formatted(this.channel),
					failure);
		try {
			this.queue.runtime()
				.scheduler()
				.schedule(() -> repeat(call, answer, failure),
						this.queue.runtime().scheduler().getClock().instant().plus(AGAIN));
		}
		catch (RuntimeException ex) {
			answer.completeExceptionally(ex);
		}
	}

}
