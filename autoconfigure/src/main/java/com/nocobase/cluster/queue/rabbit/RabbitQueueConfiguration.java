package com.nocobase.cluster.queue.rabbit;

import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import com.nocobase.cluster.queue.EventQueue;
import com.nocobase.cluster.queue.QueueAdapter;
import com.nocobase.cluster.queue.QueueProperties;
import com.nocobase.cluster.rabbit.RabbitServers;
import com.nocobase.cluster.support.ClusterRuntime;

/**
 * The event queue on RabbitMQ, over the connections that all capabilities share.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(ConnectionFactory.class)
@ConditionalOnProperty(name = "nocobase.cluster.queue.adapter", havingValue = "rabbitmq")
@ConditionalOnMissingBean(EventQueue.class)
@ConditionalOnBean(RabbitServers.class)
@EnableConfigurationProperties(RabbitQueueProperties.class)
public final class RabbitQueueConfiguration {

	@Bean
	QueueAdapter rabbitmqQueueAdapter(RabbitServers servers, QueueProperties properties,
			RabbitQueueProperties rabbitProperties, ClusterRuntime runtime) {
		return new RabbitQueueAdapter(
				servers.server("nocobase.cluster.queue.connection-factory", properties.connectionFactory()),
				rabbitProperties.consumerTimeout(), runtime);
	}

}
