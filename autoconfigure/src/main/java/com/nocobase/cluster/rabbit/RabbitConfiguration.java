package com.nocobase.cluster.rabbit;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import com.nocobase.cluster.message.Instance;
import com.nocobase.cluster.support.ClusterPhases;
import com.nocobase.cluster.support.ClusterRuntime;
import com.nocobase.cluster.support.LifecycleStep;

/**
 * The servers that capabilities on RabbitMQ share.
 */
@Configuration(proxyBeanMethods = false)
public final class RabbitConfiguration {

	@Bean
	RabbitServers nocobaseClusterRabbitServers(ListableBeanFactory beans, Instance instance, ClusterRuntime runtime) {
		return new RabbitServers(beans, instance, runtime);
	}

	@Bean
	LifecycleStep nocobaseClusterRabbitLifecycle(RabbitServers servers, ClusterRuntime runtime) {
		return new LifecycleStep("RabbitMQ", ClusterPhases.SERVERS, runtime.executor(), servers::start, servers::stop);
	}

}
