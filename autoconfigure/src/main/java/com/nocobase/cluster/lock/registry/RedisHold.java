package com.nocobase.cluster.lock.registry;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Lock;

import org.springframework.integration.redis.util.RedisLockRegistry;

import com.nocobase.cluster.lock.LockException;

/**
 * A lock in Redis, taken by a registry object of its own. What Redis still gets to see of
 * an earlier hold, be it late or twice, carries another client id and has no effect.
 * <p>
 * The thread that took it unlocks it. No other thread can, but any can let it run out.
 */
final class RedisHold implements Hold {

	private static final int FREED = Integer.MIN_VALUE;

	private final RedisRegistries registries;

	private final RedisCleaner cleaner;

	private final RedisLockRegistry registry;

	private final String key;

	private final Lock lock;

	private final Thread thread = Thread.currentThread();

	/** Renewals that have no answer yet, or never had one. */
	private final AtomicInteger unanswered = new AtomicInteger();

	RedisHold(RedisRegistries registries, RedisCleaner cleaner, RedisLockRegistry registry, String key, Lock lock) {
		this.registries = registries;
		this.cleaner = cleaner;
		this.registry = registry;
		this.key = key;
		this.lock = lock;
	}

	@Override
	public boolean renew(Duration ttl) {
		if (this.unanswered.getAndUpdate((count) -> (count >= 0) ? count + 1 : count) < 0) {
			return false;
		}
		boolean renewed = RegistryCall.isDone(this.key, () -> this.registry.renewLock(this.key, Millis.of(ttl)));
		this.unanswered.decrementAndGet();
		return renewed;
	}

	@Override
	public void free() {
		if (Thread.currentThread() != this.thread) {
			this.cleaner.end(this.registry, this.key);
			return;
		}
		boolean quiet = this.unanswered.compareAndSet(0, FREED);
		try {
			if (RegistryCall.isDone(this.key, this.lock::unlock) && quiet) {
				this.registries.reuse(this.registry);
			}
		}
		catch (LockException ex) {
			this.cleaner.end(this.registry, this.key, Duration.ZERO);
			throw ex;
		}
	}

	@Override
	public void keep(Duration ttl) {
		renew(ttl);
	}

	@Override
	public void drop() {
		this.cleaner.end(this.registry, this.key, BRIEFLY);
	}

}
