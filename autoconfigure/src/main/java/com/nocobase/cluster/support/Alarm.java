package com.nocobase.cluster.support;

import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;

/**
 * One timer for any number of deadlines. It is armed for the earliest one; when it rings,
 * the owner looks through what it guards and arms it again. A deadline later than the
 * armed one costs a volatile read and a subtraction, which is what makes a timeout for
 * each task and a renewal for each lease cheap.
 * <p>
 * Safe from any thread. An early ring is possible, a late one only by the scheduler's own
 * delay.
 */
public final class Alarm {

	/** Where the ring itself failed, as when no thread is to be had. */
	private static final Duration AGAIN = Duration.ofSeconds(1);

	private static final long NOT_ARMED = Long.MIN_VALUE;

	private final ClusterRuntime runtime;

	private final Runnable ring;

	/** Guards the future and every change of the armed time. */
	private final ReentrantLock lock = new ReentrantLock();

	private volatile long armedFor = NOT_ARMED;

	private @Nullable ScheduledFuture<?> future;

	/**
	 * Creates an alarm that is not armed.
	 * @param runtime clock and scheduler
	 * @param ring called on the scheduler's thread; must not block
	 */
	public Alarm(ClusterRuntime runtime, Runnable ring) {
		this.runtime = runtime;
		this.ring = ring;
	}

	/**
	 * Makes sure that the alarm rings at that time at the latest.
	 * @param nanoTime a time of {@link ClusterRuntime#nanoTime()}
	 */
	public void by(long nanoTime) {
		long armed = this.armedFor;
		if (armed != NOT_ARMED && armed - nanoTime <= 0) {
			return;
		}
		this.lock.lock();
		try {
			if (this.armedFor == NOT_ARMED || this.armedFor - nanoTime > 0) {
				arm((nanoTime != NOT_ARMED) ? nanoTime : nanoTime + 1);
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Makes sure that the alarm rings after that time at the latest.
	 * @param delay counted from now
	 */
	public void within(Duration delay) {
		by(this.runtime.nanoTime() + delay.toNanos());
	}

	/**
	 * Forgets the armed deadline. A ring that has begun goes on.
	 */
	public void cancel() {
		this.lock.lock();
		try {
			disarm();
		}
		finally {
			this.lock.unlock();
		}
	}

	private void arm(long nanoTime) {
		disarm();
		long delay = Math.max(0, nanoTime - this.runtime.nanoTime());
		// A scheduler that refuses must leave the alarm unarmed, or it would never ring.
		this.future = this.runtime.scheduler()
			.schedule(() -> ring(nanoTime), this.runtime.scheduler().getClock().instant().plusNanos(delay));
		this.armedFor = nanoTime;
	}

	private void disarm() {
		this.armedFor = NOT_ARMED;
		if (this.future != null) {
			this.future.cancel(false);
			this.future = null;
		}
	}

	private void ring(long nanoTime) {
		this.lock.lock();
		try {
			if (this.armedFor != nanoTime) {
				return;
			}
			this.armedFor = NOT_ARMED;
			this.future = null;
		}
		finally {
			this.lock.unlock();
		}
		try {
			this.ring.run();
		}
		catch (Throwable ex) {
			within(AGAIN);
			throw ex;
		}
	}

}
