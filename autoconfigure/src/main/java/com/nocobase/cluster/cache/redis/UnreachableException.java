package com.nocobase.cluster.cache.redis;

import io.lettuce.core.RedisCommandExecutionException;

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

	/**
	 * Returns whether the server has refused a command. It is reachable then, and has not
	 * done it.
	 * @return whether it has
	 */
	boolean isRefused() {
		Throwable cause = getCause();
		while (cause != null && !(cause instanceof RedisCommandExecutionException)) {
			cause = cause.getCause();
		}
		return cause != null;
	}

}
