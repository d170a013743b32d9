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
 * @param store Where entries are kept: memory, or the name of a CacheStore bean.
 * @param ttl Time that an entry lives where neither its cache nor the caller says
 * otherwise. Default: for ever.
 * @param maxSize Most entries of one cache that are kept in this process.
 * @param loadTimeout Time that callers of a missing key wait for its loader before one of
 * them loads in its place.
 */
@ConfigurationProperties("nocobase.cluster.cache")
public record CacheProperties(@DefaultValue("true") boolean enabled, @DefaultValue("memory") String store,
		@Nullable Duration ttl, @DefaultValue("10000") long maxSize, @DefaultValue("30s") Duration loadTimeout) {

	public CacheProperties {
		Assert.hasText(store, "nocobase.cluster.cache.store must not be blank");
		Assert.isTrue(ttl == null || ttl.compareTo(Duration.ZERO) > 0,
				() -> "nocobase.cluster.cache.ttl must be positive, but is " + ttl);
		Assert.isTrue(maxSize > 0, () -> "nocobase.cluster.cache.max-size must be positive, but is " + maxSize);
		Assert.isTrue(loadTimeout.compareTo(Duration.ZERO) > 0,
				() -> "nocobase.cluster.cache.load-timeout must be positive, but is " + loadTimeout);
	}

}
