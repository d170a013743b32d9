package com.nocobase.cluster.worker;

import java.time.Duration;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.Assert;

/**
 * Settings of worker ids and of the ids made with them.
 *
 * @param enabled Whether there are worker ids.
 * @param allocator Where worker ids are taken from: local, redis, or the name of a
 * WorkerIdAllocator bean. Default: local.
 * @param connectionFactory Name of the RedisConnectionFactory bean that worker ids on
 * Redis use. Default: that of the application.
 * @param workerBits Bits of an id that hold the worker id, 1 to 15. The other bits of 21
 * number the ids of a second. Must be the same on all instances.
 * @param ttl Time after which the worker id of an instance that crashed is free again.
 * @param maxWait Longest time that an id waits for the next second, if those of a second
 * are used up.
 */
@ConfigurationProperties("nocobase.cluster.worker-id")
public record WorkerIdProperties(@DefaultValue("true") boolean enabled, @Nullable String allocator,
		@Nullable String connectionFactory, @DefaultValue("5") int workerBits, @DefaultValue("30s") Duration ttl,
		@DefaultValue("2s") Duration maxWait) {

	/** The allocator if none is named. */
	public static final String LOCAL = "local";

	/** The allocator on Redis. */
	public static final String REDIS = "redis";

	public WorkerIdProperties {
		Assert.isTrue(workerBits >= 1 && workerBits <= 15,
				() -> "nocobase.cluster.worker-id.worker-bits must be from 1 to 15, but is " + workerBits);
		Assert.isTrue(ttl.compareTo(Duration.ZERO) > 0,
				() -> "nocobase.cluster.worker-id.ttl must be positive, but is " + ttl);
		Assert.isTrue(!maxWait.isNegative(),
				() -> "nocobase.cluster.worker-id.max-wait must not be negative, but is " + maxWait);
	}

	/**
	 * Returns the name of the allocator.
	 * @return the one that is named, else {@value #LOCAL}
	 */
	public String allocatorName() {
		return (this.allocator != null && !this.allocator.isBlank()) ? this.allocator : LOCAL;
	}

}
