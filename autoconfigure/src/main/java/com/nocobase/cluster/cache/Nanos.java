package com.nocobase.cluster.cache;

import java.time.Duration;

/**
 * Durations in nanoseconds, those of centuries cut.
 */
final class Nanos {

	private static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE / 4);

	private Nanos() {
	}

	static long of(Duration duration) {
		return ((duration.compareTo(LONGEST) < 0) ? duration : LONGEST).toNanos();
	}

}
