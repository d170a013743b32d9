package com.nocobase.cluster.queue.rabbit;

import java.time.Duration;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.Assert;

/**
 * Settings of the event queue on RabbitMQ.
 *
 * @param consumerTimeout Time after which RabbitMQ takes a task away from its consumer:
 * consumer_timeout of the broker. A longer timeout of a task or subscription is refused.
 */
@ConfigurationProperties("nocobase.cluster.queue.rabbit")
record RabbitQueueProperties(@DefaultValue("30m") Duration consumerTimeout) {

	RabbitQueueProperties {
		Assert.isTrue(consumerTimeout.compareTo(Duration.ZERO) > 0,
				() -> "nocobase.cluster.queue.rabbit.consumer-timeout must be positive, but is " + consumerTimeout);
	}

}
