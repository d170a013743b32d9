package com.nocobase.cluster.cache;

import org.jspecify.annotations.Nullable;

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
	 * Returns what lets one instance at a time load a key, for a cache that asks for it
	 * with {@link CacheSpec#withClusterWide()}.
	 * @param settings what the cache is like
	 * @return the turns, {@link LoadTurns#FREE} where each instance has entries of its
	 * own; {@code null} if the store cannot do that, so that such a cache is refused
	 */
	default @Nullable LoadTurns loadTurns(CacheSettings settings) {
		return null;
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
