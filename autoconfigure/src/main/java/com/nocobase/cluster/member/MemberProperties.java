package com.nocobase.cluster.member;

import java.time.Duration;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.Assert;

/**
 * Settings of the members.
 *
 * @param enabled Whether instances see each other.
 * @param adapter Where instances see each other: memory, or the name of a MemberAdapter
 * bean.
 * @param heartbeat Time between two heartbeats.
 * @param ttl Time after which a member that was not heard has vanished. At least twice
 * the heartbeat.
 */
@ConfigurationProperties("nocobase.cluster.members")
public record MemberProperties(@DefaultValue("true") boolean enabled, @DefaultValue("memory") String adapter,
		@DefaultValue("1s") Duration heartbeat, @DefaultValue("15s") Duration ttl) {

	public MemberProperties {
		Assert.hasText(adapter, "nocobase.cluster.members.adapter must not be blank");
		Assert.isTrue(heartbeat.compareTo(Duration.ZERO) > 0,
				() -> "nocobase.cluster.members.heartbeat must be positive, but is " + heartbeat);
		Assert.isTrue(ttl.compareTo(heartbeat.multipliedBy(2)) >= 0,
				() -> "nocobase.cluster.members.ttl must be at least twice the heartbeat of %s, but is %s"
					.formatted(heartbeat, ttl));
	}

}
