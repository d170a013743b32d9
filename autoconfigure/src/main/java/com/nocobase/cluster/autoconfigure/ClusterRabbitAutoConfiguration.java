package com.nocobase.cluster.autoconfigure;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Import;

import com.nocobase.cluster.rabbit.RabbitConfiguration;
import com.nocobase.cluster.support.ClusterRuntime;

/**
 * What all capabilities on RabbitMQ share, as soon as there is one.
 */
@AutoConfiguration(after = ClusterAutoConfiguration.class,
		afterName = "org.springframework.boot.amqp.autoconfigure.RabbitAutoConfiguration")
@ConditionalOnClass(
		name = { "org.springframework.amqp.rabbit.connection.ConnectionFactory", "com.rabbitmq.client.Channel" })
@ConditionalOnBean(ClusterRuntime.class)
@Conditional(OnRabbitInUse.class)
@Import(RabbitConfiguration.class)
public final class ClusterRabbitAutoConfiguration {

}
