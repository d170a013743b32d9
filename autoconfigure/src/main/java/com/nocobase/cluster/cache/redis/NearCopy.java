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
	 * Returns when its life ends, no later than that of the value at the server.
	 * @return monotonic time
	 */
	long end();

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
	 * @param end see {@link #end()}
	 * @param drops see {@link #drops()}
	 */
	record Shared(@Nullable Object get, long end, long drops) implements NearCopy, ValueWrapper {

	}

	/**
	 * A value that each reader gets a copy of.
	 *
	 * @param json its JSON text
	 * @param end see {@link #end()}
	 * @param drops see {@link #drops()}
	 */
	@SuppressWarnings("ArrayRecordComponent") // never compared
	record Text(byte[] json, long end, long drops) implements NearCopy {

	}

	/** Each copy lives as long as it says, however often it is kept. */
	final class End implements Expiry<String, NearCopy> {

		/** Longer than any process runs, and far from overflowing. */
		private static final long NEVER = Long.MAX_VALUE / 4;

		static long of(long readAt, long millis) {
			return readAt + ((millis >= NEVER / 1_000_000) ? NEVER : Duration.ofMillis(millis).toNanos());
		}

		@Override
		public long expireAfterCreate(String key, NearCopy copy, long now) {
			return Math.max(1, copy.end() - now);
		}

		@Override
		public long expireAfterUpdate(String key, NearCopy copy, long now, long left) {
			return Math.max(1, copy.end() - now);
		}

		@Override
		public long expireAfterRead(String key, NearCopy copy, long now, long left) {
			return left;
		}

	}

}
