package com.nocobase.cluster.cache;

import org.jspecify.annotations.Nullable;
import org.springframework.cache.CacheManager;

/**
 * The caches of the application, by name. Safe from any thread.
 */
public interface ClusterCacheManager {

	/**
	 * Creates a cache, or returns the one that was created with an equal specification.
	 * @param <T> the type of the values
	 * @param name name of the cache
	 * @param spec type of the values, store, ttl, size
	 * @return the cache
	 * @throws IllegalArgumentException if the name is blank or too long, or the store is
	 * unknown
	 * @throws IllegalStateException if it was created with another specification, its
	 * prefix is another cache's in the same store, or the manager is closed
	 */
	<T> ClusterCache<T> createCache(String name, CacheSpec<T> spec);

	/**
	 * Returns a cache.
	 * @param <T> the type of the values
	 * @param name name of the cache
	 * @param type class of the values
	 * @return the cache
	 * @throws IllegalArgumentException if there is none of that name, or its values are
	 * of another type
	 */
	<T> ClusterCache<T> getCache(String name, Class<T> type);

	/**
	 * Creates counters, or returns those that were created under that name.
	 * @param name name of the counters, apart from those of caches
	 * @param store the store, {@code null} for the default one
	 * @return the counters
	 * @throws IllegalArgumentException if the store is unknown
	 * @throws IllegalStateException if they were created in another store
	 */
	Counter createCounter(String name, @Nullable String store);

	/**
	 * Creates bloom filters, or returns those that were created under that name.
	 * @param name name of the filters, apart from those of caches
	 * @param store the store, {@code null} for the default one
	 * @return the filters
	 * @throws IllegalArgumentException if the store is unknown
	 * @throws IllegalStateException if they were created in another store
	 */
	BloomFilter createBloomFilter(String name, @Nullable String store);

	/**
	 * Adds a store under a name of its own. A store that is a bean needs no registration.
	 * @param name the name
	 * @param store the store
	 * @throws IllegalStateException if the name is taken
	 */
	void registerStore(String name, CacheStore store);

	/**
	 * Removes all entries of all caches of this manager, and nobody else's.
	 */
	void flushAll();

	/**
	 * Closes the stores. Caches cannot be used any more. The context closes the manager
	 * by itself.
	 */
	void close();

	/**
	 * Returns the same caches for Spring's annotations. Keys become text: text, numbers,
	 * booleans, characters, enum constants and UUIDs stand for themselves, all others are
	 * JSON, several parameters a JSON list. A name without a cache gives a view that can
	 * evict; reading through it is an {@link IllegalStateException} until the cache is
	 * created, by {@link #createCache} or by an annotated method.
	 * @return a view of this manager
	 */
	CacheManager asSpring();

}
