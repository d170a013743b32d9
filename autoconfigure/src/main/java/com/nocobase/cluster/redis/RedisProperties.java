package com.nocobase.cluster.redis;

import java.time.Duration;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.Assert;

/**
 * Settings of what all capabilities on Redis share. Addresses, passwords and TLS are
 * those of Boot's spring.data.redis, or of the connection factory that a capability
 * names.
 *
 * @param timeout Longest time that one command is waited for.
 * @param maxSilence Longest time without a sign of life after which the subscription
 * counts as lost. At least 2 seconds, as there is one sign a second.
 * @param allowEviction Whether locks, worker ids, sync messages and tasks may lie on a
 * Redis that removes keys when its memory is full. They can then be lost in silence.
 */
@ConfigurationProperties("nocobase.cluster.redis")
public record RedisProperties(@DefaultValue("2s") Duration timeout, @DefaultValue("3s") Duration maxSilence,
		@DefaultValue("false") boolean allowEviction) {

	public RedisProperties {
		Assert.isTrue(timeout.compareTo(Duration.ZERO) > 0,
				() -> "nocobase.cluster.redis.timeout must be positive, but is " + timeout);
		Assert.isTrue(maxSilence.compareTo(Duration.ofSeconds(2)) >= 0,
				() -> "nocobase.cluster.redis.max-silence must be at least 2 seconds, but is " + maxSilence);
	}

}
