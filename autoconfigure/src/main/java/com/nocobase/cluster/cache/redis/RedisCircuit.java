package com.nocobase.cluster.cache.redis;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import com.nocobase.cluster.redis.RedisServer;
import com.nocobase.cluster.support.Alarm;
import com.nocobase.cluster.support.ClusterRuntime;
import com.nocobase.cluster.support.Incident;
import com.nocobase.cluster.support.Signals;

/**
 * Whether the caches ask the server at all.
 * <ol>
 * <li>A call that it does not answer opens the circuit: from then on nobody waits for
 * it.</li>
 * <li>After a while it is asked again, in the background. What it has not confirmed is
 * made up for first; then the circuit is closed.</li>
 * <li>A call that it refuses leaves the circuit closed, and is made up for as well.</li>
 * </ol>
 * Safe from any thread.
 */
final class RedisCircuit {

	private static final Log logger = LogFactory.getLog(RedisCircuit.class);

	private final RedisServer server;

	private final ClusterRuntime runtime;

	private final Duration retryAfter;

	private final Incident incident;

	private final Alarm alarm;

	private final Set<Unconfirmed> unconfirmed = ConcurrentHashMap.newKeySet();

	/** Calls that the server did not answer. */
	private final AtomicLong failures = new AtomicLong();

	private final AtomicBoolean retrying = new AtomicBoolean();

	private volatile @Nullable Runnable probe;

	private volatile boolean open;

	private volatile boolean stopped;

	RedisCircuit(RedisServer server, ClusterRuntime runtime, Signals signals, Duration retryAfter) {
		this.server = server;
		this.runtime = runtime;
		this.retryAfter = retryAfter;
		this.incident = new Incident(logger, runtime, signals, "cache.failed");
		this.alarm = new Alarm(runtime, this::ring);
	}

	boolean isOpen() {
		return this.open;
	}

	/**
	 * A call has failed.
	 * @param cache name of the cache
	 * @param probe asks the same node again, or {@code null} if that is not known
	 * @param failure why
	 */
	void failed(String cache, @Nullable Runnable probe, UnreachableException failure) {
		this.incident.warn(cache, "Cache '%s' goes on without Redis".formatted(cache), failure);
		if (!failure.isRefused()) {
			this.probe = probe;
			this.failures.incrementAndGet();
			this.open = true;
			retryLater();
		}
	}

	/**
	 * There is something to make up for.
	 * @param keys what the server has not confirmed
	 */
	void makeUpFor(Unconfirmed keys) {
		this.unconfirmed.add(keys);
		retryLater();
	}

	private void retryLater() {
		if (!this.stopped) {
			this.alarm.within(this.retryAfter);
		}
	}

	private void ring() {
		try {
			this.runtime.executor().execute(this::retry);
		}
		catch (RejectedExecutionException | OutOfMemoryError ex) {
			retryLater();
		}
	}

	private void retry() {
		if (!this.retrying.compareAndSet(false, true)) {
			// Whoever is at it looks at its end what is left.
			return;
		}
		try {
			long before = this.failures.get();
			ask();
			for (Unconfirmed each : this.unconfirmed) {
				// Removed first: what is added meanwhile adds it again.
				this.unconfirmed.remove(each);
				makeUp(each);
			}
			closeUnlessFailedSince(before);
		}
		catch (RuntimeException ex) {
			logger.debug("Redis is still away", ex);
		}
		finally {
			this.retrying.set(false);
			if (this.open || !this.unconfirmed.isEmpty()) {
				retryLater();
			}
		}
	}

	private void ask() {
		Runnable asks = this.probe;
		if (asks != null) {
			asks.run();
		}
		else {
			this.server.call(RedisClusterAsyncCommands::ping);
		}
	}

	private void closeUnlessFailedSince(long before) {
		if (this.open) {
			this.open = false;
			// A call that failed just now has opened it before we closed it, or counts.
			this.open = this.failures.get() != before;
			logger.info("The caches use Redis again");
		}
	}

	private void makeUp(Unconfirmed each) {
		try {
			each.remove();
		}
		catch (RuntimeException ex) {
			makeUpFor(each);
			if (!(ex instanceof UnreachableException failure) || !failure.isRefused()) {
				throw ex;
			}
			logger.debug("Redis does not remove what it has not confirmed", ex);
		}
	}

	/** Asks the server no more. */
	void stop() {
		this.stopped = true;
		this.alarm.cancel();
	}

}
