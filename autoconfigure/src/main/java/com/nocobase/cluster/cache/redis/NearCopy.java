package com.nocobase.cluster.cache.redis;

import java.time.Duration;

import com.github.benmanes.caffeine.cache.Expiry;
import org.jspecify.annotations.Nullable;
import org.springframework.cache.Cache.ValueWrapper;

/**
 * A copy of a value at the server.
 */
sealed interface NearCopy {

	/**
	 * Returns how long it lives, no longer than the value at the server.
	 * @return nanoseconds; at most 0 if it is over
	 */
	long nanos();

	/**
	 * Returns how often all copies had been dropped before its value was read.
	 * @return the number
	 */
	long drops();

	/**
	 * A value that all readers share; it is the wrapper that they get, so that a hit
	 * allocates nothing.
	 *
	 * @param get the value
	 * @param nanos how long it lives
	 * @param drops see {@link #drops()}
	 */
	record Shared(@Nullable Object get, long nanos, long drops) implements NearCopy, ValueWrapper {

	}

	/**
	 * A value that each reader gets a copy of.
	 *
	 * @param json its JSON text
	 * @param nanos how long it lives
	 * @param drops see {@link #drops()}
	 */
	@SuppressWarnings("ArrayRecordComponent") // never compared
	record Text(byte[] json, long nanos, long drops) implements NearCopy {

	}

	/** Each copy lives as long as it says. */
	final class End implements Expiry<String, NearCopy> {

		/** Longer than any process runs, and far from overflowing. */
		static final long NEVER = Long.MAX_VALUE / 4;

		static long nanos(long millis, long elapsed) {
			return (millis >= NEVER / 1_000_000) ? NEVER : Duration.ofMillis(millis).toNanos() - elapsed;
		}

		@Override
		public long expireAfterCreate(String key, NearCopy copy, long now) {
			return copy.nanos();
		}

		@Override
		public long expireAfterUpdate(String key, NearCopy copy, long now, long left) {
			return copy.nanos();
		}

		@Override
		public long expireAfterRead(String key, NearCopy copy, long now, long left) {
			return left;
		}

	}

}
