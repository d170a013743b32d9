package com.nocobase.cluster.cache.redis;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * Times to live as the server counts them.
 */
final class Ttl {

	/** What is to live longer lives for ever. */
	private static final Duration FOR_EVER = Duration.ofDays(36_500);

	private Ttl() {
	}

	/**
	 * Returns a time in milliseconds.
	 * @param ttl the time, {@code null} for ever
	 * @return at least 1, {@code null} for ever
	 */
	static @Nullable Long millis(@Nullable Duration ttl) {
		return (ttl == null || ttl.compareTo(FOR_EVER) >= 0) ? null : Long.valueOf(Math.max(1, ttl.toMillis()));
	}

}
