package com.nocobase.cluster.lock.registry;

import java.time.Duration;

import org.jspecify.annotations.Nullable;
import org.springframework.integration.redis.util.RedisLockRegistry;
import org.springframework.integration.support.locks.DistributedLock;

/**
 * Takes locks in Redis, on the caller's own thread: no other is needed to hold them,
 * however many there are.
 */
final class RedisHolds implements HoldSource {

	private final RedisRegistries registries;

	private final RedisCleaner cleaner;

	RedisHolds(RedisRegistries registries, RedisCleaner cleaner) {
		this.registries = registries;
		this.cleaner = cleaner;
	}

	@Override
	public @Nullable Hold take(String key, Duration ttl) throws InterruptedException {
		RedisLockRegistry registry = this.registries.take();
		DistributedLock lock = registry.obtain(key);
		try {
			if (lock.tryLock(Duration.ZERO, Millis.of(ttl))) {
				return new RedisHold(this.registries, this.cleaner, registry, key, lock);
			}
		}
		catch (RuntimeException ex) {
			// Redis may have granted what nobody waits for any more.
			this.cleaner.end(registry, key, Duration.ZERO);
			if (Thread.currentThread().isInterrupted()) {
				throw interrupted(ex);
			}
			throw RegistryCall.failed(key, ex);
		}
		this.registries.reuse(registry);
		return null;
	}

	private static InterruptedException interrupted(RuntimeException cause) {
		InterruptedException interrupted = new InterruptedException(cause.getMessage());
		interrupted.initCause(cause);
		return interrupted;
	}

	@Override
	public void close() {
		// It has no threads.
	}

}
