package com.nocobase.cluster.worker;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

import com.nocobase.cluster.support.ClusterRuntime;

/**
 * Gives out each pair of second and number once.
 * <ol>
 * <li>The second is that of the clock, or the last one if the clock has stepped
 * back.</li>
 * <li>Within a second the numbers rise from 0.</li>
 * <li>After the last number it sleeps until the clock shows the next second, but no
 * longer than allowed.</li>
 * </ol>
 * Its state is one number, raised by compare and set.
 */
final class IdSequence {

	private static final long SPENT = Long.MIN_VALUE;

	private final ClusterRuntime runtime;

	private final IdLayout layout;

	private final Duration maxWait;

	/**
	 * The second above the bits of a sequence, and the number that was given out last.
	 */
	private final AtomicLong last = new AtomicLong(Long.MIN_VALUE);

	IdSequence(ClusterRuntime runtime, IdLayout layout, Duration maxWait) {
		this.runtime = runtime;
		this.layout = layout;
		this.maxWait = maxWait;
	}

	/**
	 * Gives out nothing more up to the end of a second, and of the last one used.
	 * @param floor the second
	 */
	void startAbove(Instant floor) {
		long spent = IdLayout.second(floor.getEpochSecond()) << this.layout.sequenceBits();
		this.last.updateAndGet((last) -> Math.max(last, spent) | this.layout.lastSequence());
	}

	/**
	 * Returns the next id.
	 * @param lease whose worker id it carries
	 * @return the id
	 */
	long next(WorkerIdLease lease) {
		long next = take(this.runtime.clock().millis());
		return id((next != SPENT) ? next : await(), lease);
	}

	/**
	 * Returns the last second that an id was given out for, or the floor.
	 * @return the second
	 */
	Instant used() {
		return this.layout.instant(this.last.get() >> this.layout.sequenceBits());
	}

	private long take(long millis) {
		long begin = IdLayout.second(Math.floorDiv(millis, 1000)) << this.layout.sequenceBits();
		while (true) {
			long last = this.last.get();
			if (begin <= last && (last & this.layout.lastSequence()) == this.layout.lastSequence()) {
				return SPENT;
			}
			long next = Math.max(begin, last + 1);
			if (this.last.compareAndSet(last, next)) {
				return next;
			}
		}
	}

	private long await() {
		long started = this.runtime.nanoTime();
		while (true) {
			long millis = this.runtime.clock().millis();
			long next = take(millis);
			if (next != SPENT) {
				return next;
			}
			sleep(millis, this.maxWait.toNanos() - (this.runtime.nanoTime() - started));
		}
	}

	private long id(long next, WorkerIdLease lease) {
		long second = next >> this.layout.sequenceBits();
		if (second > IdLayout.second(lease.horizon().getEpochSecond())) {
			throw new WorkerIdException(
					"Worker id %d is lost: its lease was not renewed in time. ".formatted(lease.workerId())
							+ "Another one is being asked for; try again",
					null);
		}
		return this.layout.id(second, lease.workerId(), (int) next & this.layout.lastSequence());
	}

	private void sleep(long millis, long rest) {
		Instant spent = this.layout.instant(this.last.get() >> this.layout.sequenceBits());
		if (rest <= 0) {
			throw new WorkerIdException(
					"All ids up to the second %s are used up, and the next one did not come within %s".formatted(spent,
							this.maxWait),
					null);
		}
		if (Thread.currentThread().isInterrupted()) {
			throw new WorkerIdException("Interrupted while waiting for the next second of ids", null);
		}
		long untilNext = spent.plusSeconds(1).toEpochMilli() - millis;
		LockSupport.parkNanos(this, Math.min(rest, TimeUnit.MILLISECONDS.toNanos(untilNext)));
	}

}
