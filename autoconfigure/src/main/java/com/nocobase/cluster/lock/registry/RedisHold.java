package com.nocobase.cluster.lock.registry;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Lock;

import org.springframework.data.redis.RedisSystemException;
import org.springframework.integration.redis.util.RedisLockRegistry;

/**
 * A lock in Redis, taken by a registry object of its own. What Redis still gets to see of
 * an earlier hold, be it late or twice, carries another client id and has no effect.
 * <p>
 * The thread that took it unlocks it. Any other thread cannot, and lets the key run out
 * at once instead.
 */
final class RedisHold implements Hold {

	private static final int FREED = Integer.MIN_VALUE;

	/** Removes the key in the script of the registry that sets the time to live. */
	private static final Duration NOW = Duration.ZERO;

	/** Where the registry sets it by a command that knows no zero. */
	private static final Duration SOON = Duration.ofMillis(1);

	private final RedisRegistries registries;

	private final RedisLockRegistry registry;

	private final String key;

	private final Lock lock;

	private final Thread thread = Thread.currentThread();

	/** Renewals that have no answer yet, or never had one. */
	private final AtomicInteger unanswered = new AtomicInteger();

	RedisHold(RedisRegistries registries, RedisLockRegistry registry, String key, Lock lock) {
		this.registries = registries;
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
			end(this.registry, this.key);
			return;
		}
		boolean quiet = this.unanswered.compareAndSet(0, FREED);
		if (RegistryCall.isDone(this.key, this.lock::unlock) && quiet) {
			this.registries.reuse(this.registry);
		}
	}

	@Override
	public void keep(Duration ttl) {
		renew(ttl);
	}

	@Override
	public void drop() {
		// It runs out by itself, and its registry goes with it.
	}

	/**
	 * Ends a lock on any thread. The registry object is not to be used again.
	 * @param registry the registry
	 * @param key the key
	 */
	static void end(RedisLockRegistry registry, String key) {
		RegistryCall.isDone(key, () -> {
			try {
				registry.renewLock(key, NOW);
			}
			catch (RedisSystemException ex) {
				registry.renewLock(key, SOON);
			}
		});
	}

}
