package com.nocobase.cluster.pubsub.redis;

import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.connection.RedisConnectionFactory;

import com.nocobase.cluster.message.Instance;
import com.nocobase.cluster.pubsub.PubSubAdapter;
import com.nocobase.cluster.pubsub.PubSubProperties;
import com.nocobase.cluster.redis.RedisServer;
import com.nocobase.cluster.redis.RedisServers;

/**
 * Pub/sub through Redis, over the connections that all capabilities share.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(RedisConnectionFactory.class)
@ConditionalOnProperty(name = "nocobase.cluster.pubsub.adapter", havingValue = "redis")
@ConditionalOnBean(RedisServers.class)
public final class RedisPubSubConfiguration {

	@Bean
	PubSubAdapter redisPubSubAdapter(RedisServers servers, PubSubProperties properties, Instance instance) {
		RedisServer server = servers.server("nocobase.cluster.pubsub.connection-factory",
				properties.connectionFactory());
		return (inbox) -> new RedisPubSubConnection(server, instance, inbox);
	}

}
