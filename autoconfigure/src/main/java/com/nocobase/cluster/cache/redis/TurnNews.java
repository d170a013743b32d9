package com.nocobase.cluster.cache.redis;

import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import com.nocobase.cluster.redis.RedisNames;
import com.nocobase.cluster.redis.RedisServer;

/**
 * What this instance is told of turns that are over, on its signal channel: {@code c} and
 * the key of the turn. Safe from any thread.
 */
final class TurnNews {

	/** How long is waited at most: news may be lost. */
	private static final long LONGEST = 1_000;

	/** How long is waited at most while no news come in. */
	private static final long LONGEST_UNHEARD = 50;

	private final RedisServer server;

	private final Map<String, CompletableFuture<Void>> awaited = new ConcurrentHashMap<>();

	TurnNews(RedisServer server) {
		this.server = server;
		server.onSignal('c', (signal) -> end(RedisNames.text(Arrays.copyOfRange(signal, 1, signal.length))));
	}

	/**
	 * Returns the next end of a turn. To be called before the turn is asked for, so that
	 * none is missed.
	 * @param key key of the turn
	 * @return completed at the end, or earlier
	 */
	CompletableFuture<Void> next(String key) {
		return this.awaited.computeIfAbsent(key, (absent) -> new CompletableFuture<>());
	}

	void await(CompletableFuture<Void> end, long millis) throws InterruptedException {
		try {
			end.get(Math.min(millis, this.server.isLost() ? LONGEST_UNHEARD : LONGEST), TimeUnit.MILLISECONDS);
		}
		catch (TimeoutException ex) {
			// Whoever waits looks for himself.
		}
		catch (ExecutionException ex) {
			throw new IllegalStateException("News are never completed exceptionally", ex);
		}
	}

	/**
	 * Wakes all who wait. They look for themselves whether the turn is over.
	 * @param key key of the turn
	 */
	void end(String key) {
		CompletableFuture<Void> end = this.awaited.remove(key);
		if (end != null) {
			end.complete(null);
		}
	}

}
