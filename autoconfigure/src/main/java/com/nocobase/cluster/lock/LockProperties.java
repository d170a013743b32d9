package com.nocobase.cluster.lock;

import java.time.Duration;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.Assert;

/**
 * Settings of the locks.
 *
 * @param enabled Whether there are locks.
 * @param adapter Where locks are kept: local, redis, or the name of a LockAdapter or
 * LockRegistry bean.
 * @param connectionFactory Name of the RedisConnectionFactory bean whose server keeps the
 * locks. Default: that of the application.
 * @param registryKey Registry key of the locks on Redis. Who uses the same one shares
 * them. Default: name of the application and ":lock".
 * @param ttl Time that a lease lasts without renewal, and that a lock outlives a crash of
 * its holder.
 * @param maxWait Longest time to wait for a lock, unless the caller says how long.
 * @param maxHold Longest time that the lease of a body or of a transaction is renewed,
 * unless the caller says how long.
 */
@ConfigurationProperties("nocobase.cluster.lock")
public record LockProperties(@DefaultValue("true") boolean enabled, @DefaultValue("local") String adapter,
		@Nullable String connectionFactory, @Nullable String registryKey, @DefaultValue("30s") Duration ttl,
		@DefaultValue("60s") Duration maxWait, @DefaultValue("10m") Duration maxHold) {

	public LockProperties {
		Assert.hasText(adapter, "nocobase.cluster.lock.adapter must not be blank");
		Assert.isTrue(ttl.compareTo(Duration.ZERO) > 0,
				() -> "nocobase.cluster.lock.ttl must be positive, but is " + ttl);
		Assert.isTrue(!maxWait.isNegative(),
				() -> "nocobase.cluster.lock.max-wait must not be negative, but is " + maxWait);
		Assert.isTrue(maxHold.compareTo(Duration.ZERO) > 0,
				() -> "nocobase.cluster.lock.max-hold must be positive, but is " + maxHold);
	}

}
