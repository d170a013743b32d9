package com.nocobase.cluster.cache;

import com.nocobase.cluster.message.JsonCodec;

/**
 * Keeps entries. The contract of a custom store, which is a bean named by
 * {@code nocobase.cluster.cache.store}, or registered with
 * {@link ClusterCacheManager#registerStore} and named by a {@link CacheSpec}. Safe from
 * any thread.
 */
public interface CacheStore extends AutoCloseable {

	/**
	 * Opens the region of one cache. Opens no connection of its own.
	 * @param <T> the type of the values
	 * @param settings what the cache is like, complete
	 * @param codec turns values into JSON and back
	 * @return the region
	 */
	<T> CacheRegion<T> open(CacheSettings settings, JsonCodec codec);

	/**
	 * Opens counters. Their arguments are checked by the caller.
	 * @param name their name, with the application's
	 * @return the counters
	 */
	Counter counter(String name);

	/**
	 * Opens bloom filters. Their arguments are checked by the caller.
	 * @param name their name, with the application's
	 * @return the filters
	 */
	BloomFilter bloomFilter(String name);

	/**
	 * Returns whether several instances share the entries.
	 * @return whether they do
	 */
	default boolean isShared() {
		return false;
	}

	/**
	 * Returns whether the store works, for health. One that has nothing to reach always
	 * does.
	 * @return whether entries are read and written right now
	 */
	default boolean isReachable() {
		return true;
	}

	/**
	 * Lets go of what the store holds. The manager closes it; closing it again does
	 * nothing.
	 */
	@Override
	void close();

}
