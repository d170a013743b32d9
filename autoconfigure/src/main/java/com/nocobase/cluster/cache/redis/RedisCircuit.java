package com.nocobase.cluster.cache.redis;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.core.log.LogMessage;

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

	private final Incident failures;

	private final Alarm alarm;

	private final Set<Unconfirmed> unconfirmed = ConcurrentHashMap.newKeySet();

	private volatile boolean open;

	private volatile boolean closed;

	RedisCircuit(RedisServer server, ClusterRuntime runtime, Signals signals, Duration retryAfter) {
		this.server = server;
		this.runtime = runtime;
		this.retryAfter = retryAfter;
		this.failures = new Incident(logger, runtime, signals, "cache.failed");
		this.alarm = new Alarm(runtime, this::ring);
	}

	boolean isOpen() {
		return this.open;
	}

	/**
	 * A call has failed.
	 * @param cache name of the cache
	 * @param failure why
	 */
	void failed(String cache, RuntimeException failure) {
		this.failures.warn(cache, "Cache '%s' goes on without Redis".formatted(cache), failure);
		if (!isRefusal(failure)) {
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
		if (!this.closed) {
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
		try {
			this.server.call(RedisClusterAsyncCommands::ping);
			for (Unconfirmed each : this.unconfirmed) {
				// Removed first: what is added meanwhile adds it again.
				this.unconfirmed.remove(each);
				makeUp(each);
			}
		}
		catch (RuntimeException ex) {
			logger.debug("Redis is still away", ex);
			retryLater();
			return;
		}
		if (this.open) {
			this.open = false;
			logger.info("The caches use Redis again");
		}
	}

	private void makeUp(Unconfirmed each) {
		try {
			each.remove();
		}
		catch (RuntimeException ex) {
			makeUpFor(each);
			if (!isRefusal(ex)) {
				throw ex;
			}
			logger.debug("Redis does not remove what it has not confirmed", ex);
		}
	}

	/** Asks the server no more, and says what is left. */
	void close() {
		this.closed = true;
		this.alarm.cancel();
		for (Unconfirmed each : this.unconfirmed) {
			if (!each.isEmpty()) {
				logger.warn(LogMessage.format("Cache '%s' has changes that Redis did not confirm before the stop; what "
						+ "it has of them may be old until its ttl is over", each.cache()));
			}
		}
		this.unconfirmed.clear();
	}

	private static boolean isRefusal(Throwable failure) {
		for (@Nullable
		Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (cause instanceof RedisCommandExecutionException) {
				return true;
			}
		}
		return false;
	}

}
