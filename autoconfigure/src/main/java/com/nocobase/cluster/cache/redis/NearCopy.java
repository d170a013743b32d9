package com.nocobase.cluster.cache.redis;

import org.jspecify.annotations.Nullable;
import org.springframework.cache.Cache.ValueWrapper;

/**
 * A copy of a value at the server.
 */
sealed interface NearCopy {

	/** Longer than any process runs, and far from overflowing. */
	long NEVER = Long.MAX_VALUE / 4;

	/**
	 * Returns when its life ends, no later than that of the value at the server.
	 * @return monotonic time
	 */
	long end();

	/**
	 * Returns when a copy ends.
	 * @param readAt monotonic time before its value was read
	 * @param millis how long the value lived from then on
	 * @return monotonic time
	 */
	static long end(long readAt, long millis) {
		return readAt + ((millis >= NEVER / 1_000_000) ? NEVER : millis * 1_000_000);
	}

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

}
