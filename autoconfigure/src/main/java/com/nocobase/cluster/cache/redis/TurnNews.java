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

	private final Map<String, CompletableFuture<Boolean>> awaited = new ConcurrentHashMap<>();

	TurnNews(RedisServer server) {
		this.server = server;
		server.onSignal('c', (signal) -> end(RedisNames.text(Arrays.copyOfRange(signal, 1, signal.length)), true));
	}

	/**
	 * Returns the next end of a turn. To be called before the turn is asked for, so that
	 * none is missed.
	 * @param key key of the turn
	 * @return completed with whether it was given back
	 */
	CompletableFuture<Boolean> next(String key) {
		return this.awaited.computeIfAbsent(key, (absent) -> new CompletableFuture<>());
	}

	/**
	 * Waits for the end of a turn, no longer than makes sense.
	 * @param end the end
	 * @param millis after which it is over at the latest
	 * @return whether it was given back
	 * @throws InterruptedException if the thread is interrupted
	 */
	boolean await(CompletableFuture<Boolean> end, long millis) throws InterruptedException {
		try {
			return end.get(Math.min(millis, this.server.isLost() ? LONGEST_UNHEARD : LONGEST), TimeUnit.MILLISECONDS);
		}
		catch (TimeoutException ex) {
			// Whoever waits looks for himself.
			return false;
		}
		catch (ExecutionException ex) {
			throw new IllegalStateException("News are never completed exceptionally", ex);
		}
	}

	/**
	 * Wakes all who wait.
	 * @param key key of the turn
	 * @param givenBack whether it was given back, else they look for themselves
	 */
	void end(String key, boolean givenBack) {
		CompletableFuture<Boolean> end = this.awaited.remove(key);
		if (end != null) {
			end.complete(givenBack);
		}
	}

}
