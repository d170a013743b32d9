package com.nocobase.cluster.lock.registry;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.core.log.LogMessage;
import org.springframework.integration.redis.util.RedisLockRegistry;
import org.springframework.integration.support.locks.DistributedLock;

import com.nocobase.cluster.lock.LockException;

/**
 * Takes locks in Redis, on the caller's own thread: no other thread is needed to hold
 * them, however many there are.
 */
final class RedisHolds implements HoldSource {

	private static final Log logger = LogFactory.getLog(RedisHolds.class);

	/** While Redis is away, what is left behind runs out by itself. */
	private static final int MOST_CLEANED = 16;

	private final RedisRegistries registries;

	private final Executor executor;

	private final Semaphore cleaners = new Semaphore(MOST_CLEANED);

	RedisHolds(RedisRegistries registries, Executor executor) {
		this.registries = registries;
		this.executor = executor;
	}

	@Override
	public @Nullable Hold take(String key, Duration ttl) throws InterruptedException {
		RedisLockRegistry registry = this.registries.take();
		DistributedLock lock = registry.obtain(key);
		// An interrupted thread may ask all the same, it only may not wait.
		boolean interrupted = Thread.interrupted();
		try {
			if (lock.tryLock(Duration.ZERO, Millis.of(ttl))) {
				return new RedisHold(this.registries, registry, key, lock);
			}
		}
		catch (RuntimeException ex) {
			clean(registry, key);
			if (Thread.interrupted()) {
				throw interrupted(ex);
			}
			throw RegistryCall.failed(key, ex);
		}
		finally {
			if (interrupted) {
				Thread.currentThread().interrupt();
			}
		}
		this.registries.reuse(registry);
		return null;
	}

	private static InterruptedException interrupted(RuntimeException cause) {
		InterruptedException interrupted = new InterruptedException(cause.getMessage());
		interrupted.initCause(cause);
		return interrupted;
	}

	private void clean(RedisLockRegistry registry, String key) {
		// Redis may have granted what nobody waits for any more.
		if (!this.cleaners.tryAcquire()) {
			return;
		}
		try {
			this.executor.execute(() -> {
				try {
					RedisHold.end(registry, key);
				}
				catch (LockException ex) {
					logger.debug(LogMessage.format("Lock '%s' may be taken until its time is over", key), ex);
				}
				finally {
					this.cleaners.release();
				}
			});
		}
		catch (RejectedExecutionException ex) {
			this.cleaners.release();
			logger.debug(LogMessage.format("Lock '%s' may be taken until its time is over", key), ex);
		}
	}

	@Override
	public void close() {
		// Nothing is held by threads of our own.
	}

}
