package com.nocobase.cluster.worker.local;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

import com.nocobase.cluster.message.Instance;
import com.nocobase.cluster.support.ClusterRuntime;
import com.nocobase.cluster.worker.WorkerIdLease;

/**
 * A worker id of one instance. Its horizon is the current second, and never goes back;
 * the next holder starts above it.
 */
final class LocalWorkerIdLease implements WorkerIdLease {

	private enum State {

		HELD, CRASHED, GIVEN_BACK

	}

	private final Instance instance;

	private final int workerId;

	private final long ttl;

	private final ClusterRuntime runtime;

	private final Instant floor;

	private final AtomicLong horizon;

	private final AtomicReference<State> state = new AtomicReference<>(State.HELD);

	private volatile long crashedAt;

	LocalWorkerIdLease(Instance instance, int workerId, Duration ttl, ClusterRuntime runtime, long usedBefore) {
		this.instance = instance;
		this.workerId = workerId;
		this.ttl = TimeUnit.NANOSECONDS.convert(ttl);
		this.runtime = runtime;
		// Nobody knows when the process ran before, so this very second is not used.
		this.horizon = new AtomicLong(Math.max(usedBefore, second()));
		this.floor = Instant.ofEpochSecond(this.horizon.get());
	}

	private long second() {
		return Math.floorDiv(this.runtime.clock().millis(), 1000);
	}

	Instance instance() {
		return this.instance;
	}

	/**
	 * Returns the last second that may have been used.
	 * @return since 1970
	 */
	long used() {
		return this.horizon.get();
	}

	boolean isFree() {
		return switch (this.state.get()) {
			case HELD -> false;
			case CRASHED -> this.runtime.nanoTime() - this.crashedAt >= this.ttl;
			case GIVEN_BACK -> true;
		};
	}

	void crash() {
		this.crashedAt = this.runtime.nanoTime();
		this.state.compareAndSet(State.HELD, State.CRASHED);
	}

	@Override
	public int workerId() {
		return this.workerId;
	}

	@Override
	public Instant floor() {
		return this.floor;
	}

	@Override
	public Instant horizon() {
		long second = second();
		if (second > this.horizon.get()) {
			this.horizon.accumulateAndGet(second, Math::max);
		}
		// Asked last: the next holder must know of every second that was allowed.
		return (this.state.get() == State.HELD) ? Instant.ofEpochSecond(this.horizon.get()) : Instant.MIN;
	}

	@Override
	public void close() {
		this.state.compareAndSet(State.HELD, State.GIVEN_BACK);
	}

}
