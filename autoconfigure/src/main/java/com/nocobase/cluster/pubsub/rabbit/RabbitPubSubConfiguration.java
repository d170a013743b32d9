package com.nocobase.cluster.pubsub.rabbit;

import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import com.nocobase.cluster.message.Instance;
import com.nocobase.cluster.pubsub.PubSubAdapter;
import com.nocobase.cluster.pubsub.PubSubProperties;
import com.nocobase.cluster.rabbit.RabbitServer;
import com.nocobase.cluster.rabbit.RabbitServers;

/**
 * Pub/sub through RabbitMQ, over the connections that all capabilities share.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(ConnectionFactory.class)
@ConditionalOnProperty(name = "nocobase.cluster.pubsub.adapter", havingValue = "rabbitmq")
@ConditionalOnBean(RabbitServers.class)
public final class RabbitPubSubConfiguration {

	@Bean
	PubSubAdapter rabbitmqPubSubAdapter(RabbitServers servers, PubSubProperties properties, Instance instance) {
		RabbitServer server = servers.server("nocobase.cluster.pubsub.connection-factory",
				properties.connectionFactory());
		return (inbox) -> {
			RabbitPubSubConnection connection = new RabbitPubSubConnection(server, instance, inbox);
			connection.open();
			return connection;
		};
	}

}
