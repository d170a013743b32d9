package com.nocobase.cluster.cache.redis;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.core.log.LogMessage;

import com.nocobase.cluster.cache.BloomFilter;
import com.nocobase.cluster.cache.CacheRegion;
import com.nocobase.cluster.cache.CacheSettings;
import com.nocobase.cluster.cache.CacheStore;
import com.nocobase.cluster.cache.Counter;
import com.nocobase.cluster.message.JsonCodec;
import com.nocobase.cluster.redis.RedisServer;

/**
 * Keeps entries on Redis, over the connection that all capabilities share. Counters and
 * filters always fail with the server: one that made up an answer would let through what
 * it limits.
 */
final class RedisCacheStore implements CacheStore {

	private static final Log logger = LogFactory.getLog(RedisCacheStore.class);

	private final RedisServer server;

	private final @Nullable RedisCircuit circuit;

	private final Map<String, Unconfirmed> unconfirmed = new ConcurrentHashMap<>();

	/**
	 * Creates a store.
	 * @param server keeps the entries
	 * @param circuit says when the server is not asked, or {@code null} if each failure
	 * reaches the caller
	 */
	RedisCacheStore(RedisServer server, @Nullable RedisCircuit circuit) {
		this.server = server;
		this.circuit = circuit;
	}

	@Override
	public <T> CacheRegion<T> open(CacheSettings settings, JsonCodec codec) {
		CacheRegion<T> region = new RedisRegion<>(new RedisEntries(this.server, settings.name(), settings.scope()),
				settings.type(), codec);
		if (this.circuit == null) {
			return region;
		}
		if (settings.ttl() == null && !this.unconfirmed.containsKey(settings.scope())) {
			logger.warn(LogMessage.format(
					"Cache '%s' on Redis has no ttl: an entry that an instance could not remove "
							+ "before it died stays for ever. Set nocobase.cluster.cache.ttl or the ttl of the cache",
					settings.name()));
		}
		// Removing entries of a cache may open it a second time.
		return new FailOpenRegion<>(settings.name(), region, this.circuit, this.unconfirmed
			.computeIfAbsent(settings.scope(), (scope) -> new Unconfirmed(settings.name(), region)));
	}

	@Override
	public boolean isReachable() {
		return this.circuit == null || !this.circuit.isOpen();
	}

	@Override
	public Counter counter(String name) {
		return new RedisCounter(this.server, name);
	}

	@Override
	public BloomFilter bloomFilter(String name) {
		return new RedisBloomFilter(this.server, name);
	}

	@Override
	public void close() {
		// The connection belongs to the instance.
		if (this.circuit != null) {
			this.circuit.close();
		}
	}

}
