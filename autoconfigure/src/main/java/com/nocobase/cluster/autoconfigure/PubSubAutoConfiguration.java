package com.nocobase.cluster.autoconfigure;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Import;

import com.nocobase.cluster.pubsub.PubSubConfiguration;
import com.nocobase.cluster.pubsub.PubSubProperties;
import com.nocobase.cluster.pubsub.memory.MemoryPubSubConfiguration;
import com.nocobase.cluster.pubsub.rabbit.RabbitPubSubConfiguration;
import com.nocobase.cluster.pubsub.redis.RedisPubSubConfiguration;
import com.nocobase.cluster.support.ClusterRuntime;

/**
 * Pub/sub.
 */
@AutoConfiguration(after = { ClusterAutoConfiguration.class, ClusterRedisAutoConfiguration.class,
		ClusterRabbitAutoConfiguration.class })
@ConditionalOnBean(ClusterRuntime.class)
@ConditionalOnBooleanProperty(name = "nocobase.cluster.pubsub.enabled", matchIfMissing = true)
@EnableConfigurationProperties(PubSubProperties.class)
@Import({ MemoryPubSubConfiguration.class, RedisPubSubConfiguration.class, RabbitPubSubConfiguration.class,
		PubSubConfiguration.class })
public final class PubSubAutoConfiguration {

}
