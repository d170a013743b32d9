package com.nocobase.cluster.cache.redis;

import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.core.log.LogMessage;

import com.nocobase.cluster.cache.CacheSettings;
import com.nocobase.cluster.cache.LoadTurns;
import com.nocobase.cluster.redis.RedisNames;
import com.nocobase.cluster.redis.RedisScript;
import com.nocobase.cluster.redis.RedisServer;
import com.nocobase.cluster.redis.RedisServerException;
import com.nocobase.cluster.support.Nanos;

/**
 * Turns at loading the keys of one cache. A turn is a key of its own that expires; it
 * knows which instances wait, and only they are woken when it is given back. Where the
 * server is away and the cache goes on without it, each instance loads for itself.
 */
final class RedisLoadTurns implements LoadTurns {

	private static final Log logger = LogFactory.getLog(RedisLoadTurns.class);

	private static final RedisScript<Long> TAKE = RedisScript.ofNumber(RedisLoadTurns.class, "take-turn.lua");

	private static final RedisScript<Long> END = RedisScript.ofNumber(RedisLoadTurns.class, "end-turn.lua");

	private final RedisServer server;

	private final TurnNews news;

	private final @Nullable RedisCircuit circuit;

	private final CacheSettings settings;

	RedisLoadTurns(RedisServer server, TurnNews news, @Nullable RedisCircuit circuit, CacheSettings settings) {
		this.server = server;
		this.news = news;
		this.circuit = circuit;
		this.settings = settings;
	}

	@Override
	public @Nullable Turn take(String key, Duration ttl) throws InterruptedException {
		RedisCircuit closing = this.circuit;
		if (closing != null && closing.isOpen()) {
			return FREE.take(key, ttl);
		}
		try {
			return ask(key, ttl);
		}
		catch (RedisServerException ex) {
			UnreachableException failure = new UnreachableException(this.settings.name(), ex);
			if (closing == null) {
				throw failure;
			}
			closing.failed(this.settings.name(), () -> this.server.call((commands) -> commands.exists(name(key))),
					failure);
			return FREE.take(key, ttl);
		}
	}

	private byte[] name(String key) {
		// Like a channel behind the application's name, and like an entry without a hash
		// tag.
		return this.server.names().channel("load", this.settings.scope() + key);
	}

	private @Nullable Turn ask(String key, Duration ttl) throws InterruptedException {
		byte[] name = name(key);
		byte[] asker = RedisNames.bytes(UUID.randomUUID().toString());
		byte[] millis = RedisNames.bytes(Math.max(1, Nanos.of(ttl) / 1_000_000));
		String turn = RedisNames.text(name);
		CompletableFuture<Boolean> end = this.news.next(turn);
		try {
			long others = this.server.run(TAKE, new byte[][] { name }, asker, millis, this.server.signalChannel());
			if (others == 0) {
				return () -> giveBack(name, asker);
			}
			// Without a value behind it, it is no use to go on one after the other.
			return this.news.await(end, others) ? FREE.take(key, ttl) : null;
		}
		catch (RedisServerException ex) {
			// It may have the turn all the same.
			giveBack(name, asker);
			throw ex;
		}
		finally {
			this.news.end(turn, false);
		}
	}

	private void giveBack(byte[] name, byte[] asker) {
		try {
			this.server.send(END, new byte[][] { name }, asker).whenComplete((was, ex) -> {
				if (ex != null) {
					notGivenBack(ex);
				}
			});
		}
		catch (RedisServerException ex) {
			notGivenBack(ex);
		}
	}

	private void notGivenBack(Throwable ex) {
		logger.debug(
				LogMessage.format("A turn at loading cache '%s' ends only when its time is over", this.settings.name()),
				ex);
	}

}
