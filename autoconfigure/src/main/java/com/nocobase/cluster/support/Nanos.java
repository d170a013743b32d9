package com.nocobase.cluster.support;

import java.time.Duration;

/**
 * Durations in nanoseconds, those of decades cut, so that no sum of two overflows.
 */
public final class Nanos {

	private static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE / 4);

	private Nanos() {
	}

	/**
	 * Returns a duration in nanoseconds.
	 * @param duration the duration
	 * @return its nanoseconds
	 */
	public static long of(Duration duration) {
		return ((duration.compareTo(LONGEST) < 0) ? duration : LONGEST).toNanos();
	}

}
