package com.nocobase.cluster.cache;

import java.time.Duration;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.Assert;

/**
 * Settings of the caches.
 *
 * @param enabled Whether there are caches.
 * @param store Where entries are kept: memory, redis, near (memory in front of Redis), or
 * the name of a CacheStore bean.
 * @param connectionFactory Name of the RedisConnectionFactory bean whose server keeps the
 * entries. Default: that of the application.
 * @param ttl Time that an entry lives where neither its cache nor the caller says
 * otherwise. Default: for ever.
 * @param maxSize Most entries of one cache that are kept in this process.
 * @param failFast Whether calls fail while the server of a store is away. Default: reads
 * find nothing then, and what could not be written is removed when it is back.
 * @param retryAfter Time after which a server that was away is asked again.
 * @param loadTimeout Time that callers of a missing key wait for its loader before one of
 * them loads in its place.
 */
@ConfigurationProperties("nocobase.cluster.cache")
public record CacheProperties(@DefaultValue("true") boolean enabled, @DefaultValue("memory") String store,
		@Nullable String connectionFactory, @Nullable Duration ttl, @DefaultValue("10000") long maxSize,
		@DefaultValue("false") boolean failFast, @DefaultValue("1s") Duration retryAfter,
		@DefaultValue("30s") Duration loadTimeout) {

	public CacheProperties {
		Assert.hasText(store, "nocobase.cluster.cache.store must not be blank");
		Assert.isTrue(ttl == null || ttl.compareTo(Duration.ZERO) > 0,
				() -> "nocobase.cluster.cache.ttl must be positive, but is " + ttl);
		Assert.isTrue(maxSize > 0, () -> "nocobase.cluster.cache.max-size must be positive, but is " + maxSize);
		Assert.isTrue(retryAfter.compareTo(Duration.ZERO) > 0,
				() -> "nocobase.cluster.cache.retry-after must be positive, but is " + retryAfter);
		Assert.isTrue(loadTimeout.compareTo(Duration.ZERO) > 0,
				() -> "nocobase.cluster.cache.load-timeout must be positive, but is " + loadTimeout);
	}

}
