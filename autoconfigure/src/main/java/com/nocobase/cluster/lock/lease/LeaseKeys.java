package com.nocobase.cluster.lock.lease;

import com.nocobase.cluster.redis.RedisNames;

/**
 * The keys of locks. Locks are spread over a fixed number of hash tags, the buckets, so
 * that a Redis Cluster shares the load, and one script can serve several locks.
 */
final class LeaseKeys {

	/** Never changes: old and new instances have to meet. */
	private static final int BUCKETS = 64;

	private final RedisNames names;

	LeaseKeys(RedisNames names) {
		this.names = names;
	}

	/**
	 * Returns the bucket of a lock.
	 * @param key the key, as the application named it
	 * @return from 0 to 63
	 */
	static int bucket(String key) {
		int hash = key.hashCode();
		return (hash ^ hash >>> 16) & BUCKETS - 1;
	}

	/**
	 * Returns all keys of a lock.
	 * @param key the key, as the application named it
	 * @return holder, queue, waiters, and the bucket's last token
	 */
	byte[][] all(String key) {
		String tag = tag(key);
		return new byte[][] { holder(key), this.names.key(tag, "queue:" + key), this.names.key(tag, "waiters:" + key),
				this.names.key(tag, "token") };
	}

	/**
	 * Returns the key of the holder.
	 * @param key the key, as the application named it
	 * @return the key
	 */
	byte[] holder(String key) {
		return this.names.key(tag(key), "holder:" + key);
	}

	private static String tag(String key) {
		return "lock:" + bucket(key);
	}

}
