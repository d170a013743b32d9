package com.nocobase.cluster.member;

import java.time.Duration;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.Assert;

/**
 * Settings of the members.
 *
 * @param enabled Whether instances see each other.
 * @param adapter Where instances see each other: memory, redis, or the name of a
 * MemberAdapter bean. Default: redis if any capability uses Redis, else memory.
 * @param connectionFactory Name of the RedisConnectionFactory bean that members on Redis
 * use. Default: that of the application.
 * @param heartbeat Time between two heartbeats.
 * @param ttl Time after which no other sees a member that died. At least three times the
 * heartbeat.
 */
@ConfigurationProperties("nocobase.cluster.members")
public record MemberProperties(@DefaultValue("true") boolean enabled, @Nullable String adapter,
		@Nullable String connectionFactory, @DefaultValue("1s") Duration heartbeat, @DefaultValue("15s") Duration ttl) {

	/** The adapter within one JVM. */
	public static final String MEMORY = "memory";

	/** The adapter on Redis. */
	public static final String REDIS = "redis";

	public MemberProperties {
		Assert.isTrue(adapter == null || !adapter.isBlank(), "nocobase.cluster.members.adapter must not be blank");
		Assert.isTrue(heartbeat.compareTo(Duration.ZERO) > 0,
				() -> "nocobase.cluster.members.heartbeat must be positive, but is " + heartbeat);
		Assert.isTrue(ttl.compareTo(heartbeat.multipliedBy(3)) >= 0,
				() -> "nocobase.cluster.members.ttl must be at least three times the heartbeat of %s, but is %s"
					.formatted(heartbeat, ttl));
	}

}
