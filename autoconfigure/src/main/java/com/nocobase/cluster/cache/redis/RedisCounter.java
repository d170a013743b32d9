package com.nocobase.cluster.cache.redis;

import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;

import com.nocobase.cluster.cache.CacheException;
import com.nocobase.cluster.cache.Counter;
import com.nocobase.cluster.redis.RedisNames;
import com.nocobase.cluster.redis.RedisScript;
import com.nocobase.cluster.redis.RedisServer;
import com.nocobase.cluster.redis.RedisServerException;

/**
 * Counters of one name, a hash for each key. A hit is one round trip, and counts once
 * however often the client sends it.
 */
final class RedisCounter implements Counter {

	private static final RedisScript<List<Object>> ADD = RedisScript.ofList(RedisCounter.class, "requests.lua",
			"add-count.lua");

	private static final byte[] COUNT = RedisNames.bytes("n");

	private final RedisServer server;

	private final String scope;

	private final RequestSlots slots = new RequestSlots();

	RedisCounter(RedisServer server, String scope) {
		this.server = server;
		this.scope = scope;
	}

	@Override
	public long get(String key) {
		try {
			byte[] count = this.server.<byte @Nullable []>call((commands) -> commands.hget(name(key), COUNT));
			return (count != null) ? Long.parseLong(RedisNames.text(count)) : 0;
		}
		catch (RedisServerException ex) {
			throw failed(key, ex);
		}
	}

	@Override
	public long incr(String key) {
		return add(key, 1, null);
	}

	@Override
	public long incrBy(String key, long amount, Duration ttl) {
		return add(key, amount, ttl);
	}

	private long add(String key, long amount, @Nullable Duration window) {
		byte[][] names = { name(key) };
		byte[] added = RedisNames.bytes(amount);
		Long millis = Ttl.millis(window);
		try {
			List<Object> answer = this.slots.request((request) -> (millis != null)
					? this.server.run(ADD, names, request.slot(), request.number(), added, RedisNames.bytes(millis))
					: this.server.run(ADD, names, request.slot(), request.number(), added));
			return Long.parseLong(RedisNames.text(answer.get(0)));
		}
		catch (RedisServerException ex) {
			throw failed(key, ex);
		}
	}

	@Override
	public void reset(String key) {
		try {
			this.server.call((commands) -> commands.unlink(name(key)));
		}
		catch (RedisServerException ex) {
			throw failed(key, ex);
		}
	}

	private byte[] name(String key) {
		return RedisNames.bytes(this.scope + key);
	}

	private static CacheException failed(String key, RedisServerException ex) {
		boolean overflow = ex.getCause() != null
				&& String.valueOf(ex.getCause().getMessage()).contains("would overflow");
		return new CacheException(
				(overflow ? "Counter '%s' would overflow" : "Counter '%s' cannot be reached").formatted(key), ex);
	}

}
