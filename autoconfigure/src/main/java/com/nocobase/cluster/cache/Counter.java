package com.nocobase.cluster.cache;

import java.time.Duration;

/**
 * Named counters with a fixed window, the same on all stores: the ttl starts with the
 * first hit, and later hits leave it alone. Each call is atomic. Not transactional: a
 * rollback takes nothing back. Safe from any thread.
 */
public interface Counter {

	/**
	 * Returns the count.
	 * @param key the key
	 * @return the count, 0 if there is none
	 */
	long get(String key);

	/**
	 * Adds one, without a window.
	 * @param key the key
	 * @return the new count
	 */
	long incr(String key);

	/**
	 * Adds one.
	 * @param key the key
	 * @param ttl the window, if this is its first hit
	 * @return the new count
	 * @throws IllegalArgumentException if the ttl is not positive
	 */
	default long incr(String key, Duration ttl) {
		return incrBy(key, 1, ttl);
	}

	/**
	 * Adds to the count.
	 * @param key the key
	 * @param amount what to add
	 * @param ttl the window, if this is its first hit
	 * @return the new count
	 * @throws IllegalArgumentException if the ttl is not positive
	 * @throws CacheException if the count would overflow; it stays as it is
	 */
	long incrBy(String key, long amount, Duration ttl);

	/**
	 * Sets the count back to none; the next hit starts a window.
	 * @param key the key
	 */
	void reset(String key);

}
