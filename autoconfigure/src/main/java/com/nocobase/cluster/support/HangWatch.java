package com.nocobase.cluster.support;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * Knows whether a callback of the application, called by one thread at a time, has been
 * running for so long that it hangs. Safe from any thread.
 */
public final class HangWatch {

	private static final long LIMIT = Duration.ofMinutes(1).toNanos();

	private final ClusterRuntime runtime;

	private volatile @Nullable Long since;

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
		this.since = this.runtime.nanoTime();
	}

	/**
	 * Notes that the callback has come back.
	 */
	public void end() {
		this.since = null;
	}

	/**
	 * Returns whether the callback has been running for more than a minute.
	 * @return whether it has
	 */
	public boolean hangs() {
		Long begun = this.since;
		return begun != null && this.runtime.nanoTime() - begun > LIMIT;
	}

}
