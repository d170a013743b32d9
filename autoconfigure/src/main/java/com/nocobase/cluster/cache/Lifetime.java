package com.nocobase.cluster.cache;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * How long entries of a cache live.
 *
 * @param ttl without another one of the caller, {@code null} for ever
 * @param jitter part of the ttl by which it is shortened at random
 */
record Lifetime(@Nullable Duration ttl, double jitter) {

	private static final Duration SHORTEST = Duration.ofMillis(1);

	/**
	 * Returns the ttl of entries.
	 * @param given what the caller wants, {@code null} for the cache's
	 * @return asked for each entry
	 */
	Supplier<@Nullable Duration> of(@Nullable Duration given) {
		Duration longest = (given != null) ? given : this.ttl;
		return () -> (longest != null && this.jitter > 0) ? shortened(longest) : longest;
	}

	private Duration shortened(Duration longest) {
		double millis = longest.toMillis() * (1 - this.jitter * ThreadLocalRandom.current().nextDouble());
		Duration shortened = Duration.ofMillis((long) millis);
		return (shortened.compareTo(SHORTEST) > 0) ? shortened : SHORTEST;
	}

}
