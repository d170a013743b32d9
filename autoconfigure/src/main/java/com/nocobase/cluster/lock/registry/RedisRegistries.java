package com.nocobase.cluster.lock.registry;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;

import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.integration.redis.util.RedisLockRegistry;

/**
 * Registry objects of one registry key, one for each lock that is held. All of them use
 * the same connection.
 */
final class RedisRegistries {

	/** A burst of locks need not leave its objects behind. */
	private static final int MOST_IDLE = 256;

	private final RedisConnectionFactory connections;

	private final String registryKey;

	private final Executor executor;

	private final BlockingQueue<RedisLockRegistry> idle = new ArrayBlockingQueue<>(MOST_IDLE);

	RedisRegistries(RedisConnectionFactory connections, String registryKey, Executor executor) {
		this.connections = connections;
		this.registryKey = registryKey;
		this.executor = executor;
	}

	/**
	 * Returns a registry object that nobody else uses.
	 * @return one that holds nothing, and has no command on its way
	 */
	RedisLockRegistry take() {
		RedisLockRegistry registry = this.idle.poll();
		return (registry != null) ? registry : create();
	}

	private RedisLockRegistry create() {
		RedisLockRegistry registry = new RedisLockRegistry(this.connections, this.registryKey);
		registry.setCacheCapacity(1);
		registry.setExecutor(this.executor);
		return registry;
	}

	/**
	 * Takes one back. One that may still hold something, or whose commands were not all
	 * answered, must not come back.
	 * @param registry the registry
	 */
	void reuse(RedisLockRegistry registry) {
		this.idle.offer(registry);
	}

}
