package com.nocobase.cluster.support;

import java.time.Duration;

/**
 * Knows whether a callback of the application, called by one thread at a time, has been
 * running for so long that it hangs. Safe from any thread.
 */
public final class HangWatch {

	private static final long LIMIT = Duration.ofMinutes(1).toNanos();

	private static final long IDLE = Long.MIN_VALUE;

	private final ClusterRuntime runtime;

	private volatile long since = IDLE;

	/**
	 * Creates a watch.
	 * @param runtime tells the time
	 */
	public HangWatch(ClusterRuntime runtime) {
		this.runtime = runtime;
	}

	/**
	 * Notes that the callback begins.
	 */
	public void begin() {
		long now = this.runtime.nanoTime();
		this.since = (now != IDLE) ? now : now + 1;
	}

	/**
	 * Notes that the callback has come back.
	 */
	public void end() {
		this.since = IDLE;
	}

	/**
	 * Returns whether the callback has been running for more than a minute.
	 * @return whether it has
	 */
	public boolean hangs() {
		long begun = this.since;
		return begun != IDLE && this.runtime.nanoTime() - begun > LIMIT;
	}

}
