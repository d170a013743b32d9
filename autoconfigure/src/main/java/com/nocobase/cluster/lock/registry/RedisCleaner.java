package com.nocobase.cluster.lock.registry;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.springframework.core.log.LogMessage;
import org.springframework.data.redis.RedisSystemException;
import org.springframework.integration.redis.util.RedisLockRegistry;

import com.nocobase.cluster.lock.LockException;

/**
 * Ends locks that their own thread does not, or does no more.
 */
final class RedisCleaner {

	private static final Log logger = LogFactory.getLog(RedisCleaner.class);

	/** Removes the key, in the script of the registry that sets its time to live. */
	private static final Duration NOW = Duration.ZERO;

	/** Where the registry sets it by a command that knows no zero. */
	private static final Duration SOON = Duration.ofMillis(1);

	/** While Redis is away, locks run out by themselves. */
	private static final int MOST_AT_ONCE = 16;

	private final Executor executor;

	private final Semaphore free = new Semaphore(MOST_AT_ONCE);

	RedisCleaner(Executor executor) {
		this.executor = executor;
	}

	/**
	 * Ends a lock. The registry object is not to be used again.
	 * @param registry the registry
	 * @param key the key
	 * @throws LockException if Redis failed
	 */
	void end(RedisLockRegistry registry, String key) {
		RegistryCall.isDone(key, () -> {
			try {
				registry.renewLock(key, NOW);
			}
			catch (RedisSystemException ex) {
				registry.renewLock(key, SOON);
			}
		});
	}

	/**
	 * Ends a lock on another thread, and waits for that no longer than asked. The
	 * registry object is not to be used again.
	 * @param registry the registry
	 * @param key the key
	 * @param limit how long
	 */
	void end(RedisLockRegistry registry, String key, Duration limit) {
		if (!this.free.tryAcquire()) {
			return;
		}
		FutureTask<Void> task = new FutureTask<>(() -> {
			try {
				end(registry, key);
			}
			finally {
				this.free.release();
			}
		}, null);
		try {
			this.executor.execute(task);
			if (!limit.isZero() && !Thread.currentThread().isInterrupted()) {
				task.get(limit.toMillis(), TimeUnit.MILLISECONDS);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		catch (RejectedExecutionException ex) {
			this.free.release();
			logger.debug(LogMessage.format("Lock '%s' runs out by itself", key), ex);
		}
		catch (ExecutionException | TimeoutException ex) {
			logger.debug(LogMessage.format("Lock '%s' runs out by itself", key), ex);
		}
	}

}
