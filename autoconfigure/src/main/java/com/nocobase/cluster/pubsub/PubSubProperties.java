package com.nocobase.cluster.pubsub;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.Assert;

/**
 * Settings of pub/sub.
 *
 * @param enabled Whether there is pub/sub.
 * @param adapter Broker of pub/sub: memory, redis, or the name of a PubSubAdapter bean.
 * @param backlog Most messages that wait for one subscription's handler, and most
 * distinct ones in its debounce window. What comes on top is dropped, counted and told to
 * the subscription.
 * @param resendBuffer Most messages that wait to be sent again after a commit. What comes
 * on top fails.
 * @param connectionFactory Name of the RedisConnectionFactory bean to use. Default is the
 * application's own one.
 */
@ConfigurationProperties("nocobase.cluster.pubsub")
public record PubSubProperties(@DefaultValue("true") boolean enabled, @DefaultValue("memory") String adapter,
		@DefaultValue("10000") int backlog, @DefaultValue("1000") int resendBuffer,
		@Nullable String connectionFactory) {

	public PubSubProperties {
		Assert.hasText(adapter, "nocobase.cluster.pubsub.adapter must not be blank");
		Assert.isTrue(backlog > 0, () -> "nocobase.cluster.pubsub.backlog must be positive, but is " + backlog);
		Assert.isTrue(resendBuffer > 0,
				() -> "nocobase.cluster.pubsub.resend-buffer must be positive, but is " + resendBuffer);
	}

}
