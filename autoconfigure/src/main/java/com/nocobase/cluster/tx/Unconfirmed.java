package com.nocobase.cluster.queue;

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
 * Tasks that were handed to the broker and that it has not yet confirmed: at most so
 * many, each for at most so long. Safe from any thread.
 */
final class Unconfirmed {

	private final ClusterRuntime runtime;

	private final Duration timeout;

	private final Semaphore places;

	private final Set<Pending> pending = ConcurrentHashMap.newKeySet();

	private final Alarm alarm;

	Unconfirmed(ClusterRuntime runtime, int places, Duration timeout) {
		this.runtime = runtime;
		this.timeout = timeout;
		this.places = new Semaphore(places);
		this.alarm = new Alarm(runtime, () -> runtime.executor().execute(this::failOverdue));
	}

	void send(TaskTicket ticket) {
		takePlace(ticket);
		CompletionStage<Void> confirmation;
		try {
			confirmation = ticket.start();
		}
		catch (RuntimeException ex) {
			this.places.release();
			ticket.settled(SendState.FAILED, ex);
			throw ex;
		}
		Pending sent = new Pending(ticket, this.runtime.nanoTime() + this.timeout.toNanos());
		this.pending.add(sent);
		this.alarm.by(sent.deadline);
		confirmation.whenComplete((done, failure) -> settle(sent, failure));
	}

	private void takePlace(TaskTicket ticket) {
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
		QueueException failure = new QueueException("Did not publish %s: %s".formatted(ticket, reason), null);
		ticket.settled(SendState.FAILED, failure);
		throw failure;
	}

	private void settle(Pending sent, @Nullable Throwable failure) {
		if (this.pending.remove(sent)) {
			this.places.release();
			sent.ticket.settled((failure != null) ? SendState.FAILED : SendState.SENT, failure);
		}
	}

	private void failOverdue() {
		long now = this.runtime.nanoTime();
		for (Pending sent : this.pending) {
			if (sent.deadline - now <= 0) {
				settle(sent, new TimeoutException("Not confirmed within " + this.timeout));
			}
			else {
				this.alarm.by(sent.deadline);
			}
		}
	}

	private static final class Pending {

		private final TaskTicket ticket;

		private final long deadline;

		Pending(TaskTicket ticket, long deadline) {
			this.ticket = ticket;
			this.deadline = deadline;
		}

	}

}
