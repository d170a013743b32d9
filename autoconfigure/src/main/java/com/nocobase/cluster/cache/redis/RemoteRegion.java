package com.nocobase.cluster.cache.redis;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import com.nocobase.cluster.cache.CacheRegion;

/**
 * A region at the server, of whose values copies may be kept.
 *
 * @param <T> the type of the values
 */
interface RemoteRegion<T> extends CacheRegion<T> {

	/**
	 * Reads a value with the time that it still lives, in one round trip.
	 * @param key the key
	 * @return {@code null} if it is absent
	 * @throws IllegalStateException if the entry is an object
	 */
	@Nullable Timed<T> getTimed(String key);

	/**
	 * Reads values with the time that they still live, in one round trip.
	 * @param keys the keys
	 * @return the hits; objects are none
	 */
	Map<String, Timed<T>> getAllTimed(Collection<String> keys);

	/**
	 * Stores a value that was loaded because it was missing, unless there is one by now.
	 * @param key the key
	 * @param value the value
	 * @param ttl how long it lives, {@code null} for ever
	 * @return its text at the server, {@code null} if it was not stored
	 */
	byte @Nullable [] fillIfAbsent(String key, @Nullable T value, @Nullable Duration ttl);

	@Override
	default void fill(String key, @Nullable T value, @Nullable Duration ttl, long version) {
		fillIfAbsent(key, value, ttl);
	}

	/**
	 * Removes those entries that still have a text.
	 * @param texts the texts at the server by key
	 */
	void deleteIfSame(Map<String, byte[]> texts);

	/**
	 * A value.
	 *
	 * @param <T> the type of the value
	 * @param value the value
	 * @param millis how long it still lives, at most 0 if that is not known
	 */
	record Timed<T>(@Nullable T value, long millis) {

		/** Of a value that lives for ever. */
		static final long FOR_EVER = Long.MAX_VALUE;

	}

}
