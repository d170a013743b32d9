package com.nocobase.cluster.cache.redis;

import com.nocobase.cluster.cache.CacheException;
import com.nocobase.cluster.redis.RedisServerException;

/**
 * The server did not do what it was asked for, or may not have.
 */
final class UnreachableException extends CacheException {

	private static final long serialVersionUID = 1L;

	UnreachableException(String cache, RedisServerException cause) {
		super("Cache '%s' cannot be reached".formatted(cache), cause);
	}

}
