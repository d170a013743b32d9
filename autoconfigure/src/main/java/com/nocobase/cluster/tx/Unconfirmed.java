package com.nocobase.cluster.tx;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.jspecify.annotations.Nullable;

import com.nocobase.cluster.message.SendState;
import com.nocobase.cluster.support.Alarm;
import com.nocobase.cluster.support.ClusterRuntime;

/**
 * Messages that were handed to the broker and that it has not yet confirmed: at most so
 * many, each for at most so long. Safe from any thread.
 */
public final class Unconfirmed {

	private final ClusterRuntime runtime;

	private final int most;

	private final Duration timeout;

	private final Semaphore places;

	private final Set<Pending> pending = ConcurrentHashMap.newKeySet();

	private final Alarm alarm;

	/**
	 * Creates it without any message.
	 * @param runtime threads and clocks
	 * @param most how many messages may be unconfirmed
	 * @param timeout how long one may be, and how long the next one waits for a place
	 */
	public Unconfirmed(ClusterRuntime runtime, int most, Duration timeout) {
		this.runtime = runtime;
		this.most = most;
		this.timeout = timeout;
		this.places = new Semaphore(most);
		this.alarm = new Alarm(runtime, () -> runtime.executor().execute(this::failOverdue));
	}

	/**
	 * Hands a message to the broker, which settles it later. Waits only while there are
	 * too many.
	 * @param send the message; settled at once if this method throws
	 * @throws IllegalStateException if no place came free in time
	 * @throws RuntimeException if it could not be handed over
	 */
	public void send(AsyncSend send) {
		takePlace(send);
		CompletionStage<?> confirmation;
		try {
			confirmation = send.start();
		}
		catch (RuntimeException ex) {
			this.places.release();
			send.settled(SendState.FAILED, ex);
			throw ex;
		}
		Pending sent = new Pending(send, confirmation, this.runtime.nanoTime() + this.timeout.toNanos());
		this.pending.add(sent);
		this.alarm.by(sent.deadline);
		confirmation.whenComplete((done, failure) -> settle(sent, failure));
	}

	/**
	 * Waits until all are confirmed; what is not by then fails.
	 * @param limit how long to wait
	 */
	public void close(Duration limit) {
		try {
			if (this.places.tryAcquire(this.most, limit.toNanos(), TimeUnit.NANOSECONDS)) {
				this.places.release(this.most);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		IllegalStateException failure = new IllegalStateException("The application stopped before it was confirmed");
		this.pending.forEach((sent) -> giveUp(sent, failure));
		this.alarm.cancel();
	}

	private void takePlace(AsyncSend send) {
		String reason = "the broker does not confirm those before it";
		try {
			if (this.places.tryAcquire() || this.places.tryAcquire(this.timeout.toNanos(), TimeUnit.NANOSECONDS)) {
				return;
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			reason = "its thread was interrupted while it waited for those before it";
		}
		IllegalStateException failure = new IllegalStateException("It was not sent: " + reason);
		send.settled(SendState.FAILED, failure);
		throw failure;
	}

	private void settle(Pending sent, @Nullable Throwable failure) {
		if (this.pending.remove(sent)) {
			this.places.release();
			sent.send.settled((failure != null) ? SendState.FAILED : SendState.SENT, failure);
		}
	}

	private void failOverdue() {
		long now = this.runtime.nanoTime();
		for (Pending sent : this.pending) {
			if (sent.deadline - now <= 0) {
				giveUp(sent, new TimeoutException("Not confirmed within " + this.timeout));
			}
			else {
				this.alarm.by(sent.deadline);
			}
		}
	}

	private void giveUp(Pending sent, Exception failure) {
		settle(sent, failure);
		sent.confirmation.toCompletableFuture().cancel(true);
	}

	private static final class Pending {

		private final AsyncSend send;

		private final CompletionStage<?> confirmation;

		private final long deadline;

		Pending(AsyncSend send, CompletionStage<?> confirmation, long deadline) {
			this.send = send;
			this.confirmation = confirmation;
			this.deadline = deadline;
		}

	}

}
