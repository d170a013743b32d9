package com.nocobase.cluster.lock.registry;

import java.time.Duration;

/**
 * Times to live as registries take them: whole milliseconds, at least one, and no sooner
 * than asked.
 */
final class Millis {

	private static final long MOST = Long.MAX_VALUE / 4_000_000;

	private Millis() {
	}

	static Duration of(Duration ttl) {
		if (ttl.compareTo(Duration.ofMillis(MOST)) >= 0) {
			return Duration.ofMillis(MOST);
		}
		return Duration.ofMillis(Math.max(1, ttl.plusNanos(999_999).toMillis()));
	}

}
