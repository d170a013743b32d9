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
import com.nocobase.cluster.cache.LoadTurns;
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

	private final @Nullable NearFactory near;

	private final TurnNews turnNews;

	private final Map<String, Unconfirmed> unconfirmed = new ConcurrentHashMap<>();

	/**
	 * Creates a store.
	 * @param server keeps the entries
	 * @param circuit says when the server is not asked, or {@code null} if each failure
	 * reaches the caller
	 * @param near keeps copies in this process, or {@code null} if none are kept
	 */
	RedisCacheStore(RedisServer server, @Nullable RedisCircuit circuit, @Nullable NearFactory near) {
		this.server = server;
		this.circuit = circuit;
		this.near = near;
		this.turnNews = new TurnNews(server);
	}

	@Override
	public <T> CacheRegion<T> open(CacheSettings settings, JsonCodec codec) {
		RedisEntries entries = new RedisEntries(this.server, settings.name(), settings.scope());
		RedisChanges changes = (this.near != null) ? this.near.announced(entries, settings.scope())
				: new RedisChanges(entries);
		RemoteRegion<T> region = new RedisRegion<>(entries, changes, settings.type(), codec);
		RemoteRegion<T> open = (this.circuit != null) ? failOpen(region, settings, this.circuit) : region;
		return (this.near != null) ? this.near.region(open, settings, codec) : open;
	}

	private <T> RemoteRegion<T> failOpen(RemoteRegion<T> region, CacheSettings settings, RedisCircuit closing) {
		if (settings.ttl() == null && !this.unconfirmed.containsKey(settings.scope())) {
			logger.warn(LogMessage.format(
					"Cache '%s' on Redis has no ttl: an entry that an instance could not remove "
							+ "before it died stays for ever. Set nocobase.cluster.cache.ttl or the ttl of the cache",
					settings.name()));
		}
		// Removing entries of a cache may open it a second time.
		return new FailOpenRegion<>(settings.name(), region, closing, this.unconfirmed.computeIfAbsent(settings.scope(),
				(scope) -> new Unconfirmed(settings.name(), region)));
	}

	@Override
	public LoadTurns loadTurns(CacheSettings settings) {
		return new RedisLoadTurns(this.server, this.turnNews, this.circuit, settings);
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
			this.circuit.stop();
		}
		for (Unconfirmed each : this.unconfirmed.values()) {
			if (!each.isEmpty()) {
				logger.warn(LogMessage.format("Cache '%s' has changes that Redis did not confirm before the stop; what "
						+ "it has of them may be old until its ttl is over", each.cache()));
			}
		}
	}

}
