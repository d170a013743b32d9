package com.nocobase.cluster.pubsub;

import java.time.Duration;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.Assert;

/**
 * Settings of pub/sub.
 *
 * @param enabled Whether there is pub/sub.
 * @param adapter Broker of pub/sub: memory, redis, rabbitmq, or the name of a
 * PubSubAdapter bean.
 * @param backlog Most messages that wait for one subscription's handler, and most
 * distinct ones in its debounce window. What comes on top is dropped, counted and told to
 * the subscription.
 * @param resendBuffer Most messages that wait to be sent again after a commit. What comes
 * on top fails.
 * @param publishTimeout Longest time to wait until the broker has a message.
 * @param maxUnconfirmed Most messages of publishAsync that the broker does not have yet.
 * The next one waits.
 * @param connectionFactory Name of the RedisConnectionFactory or ConnectionFactory bean
 * to use. Default is the application's own one.
 */
@ConfigurationProperties("nocobase.cluster.pubsub")
public record PubSubProperties(@DefaultValue("true") boolean enabled, @DefaultValue("memory") String adapter,
		@DefaultValue("10000") int backlog, @DefaultValue("1000") int resendBuffer,
		@DefaultValue("2s") Duration publishTimeout, @DefaultValue("1024") int maxUnconfirmed,
		@Nullable String connectionFactory) {

	public PubSubProperties {
		Assert.hasText(adapter, "nocobase.cluster.pubsub.adapter must not be blank");
		Assert.isTrue(backlog > 0, () -> "nocobase.cluster.pubsub.backlog must be positive, but is " + backlog);
		Assert.isTrue(resendBuffer > 0,
				() -> "nocobase.cluster.pubsub.resend-buffer must be positive, but is " + resendBuffer);
		Assert.isTrue(publishTimeout.compareTo(Duration.ZERO) > 0,
				() -> "nocobase.cluster.pubsub.publish-timeout must be positive, but is " + publishTimeout);
		Assert.isTrue(maxUnconfirmed > 0,
				() -> "nocobase.cluster.pubsub.max-unconfirmed must be positive, but is " + maxUnconfirmed);
	}

}
