package com.nocobase.cluster.redis;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import io.lettuce.core.resource.Delay;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.data.redis.autoconfigure.ClientResourcesBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

import com.nocobase.cluster.message.Instance;
import com.nocobase.cluster.support.ClusterPhases;
import com.nocobase.cluster.support.ClusterRuntime;
import com.nocobase.cluster.support.LifecycleStep;
import com.nocobase.cluster.support.Signals;

/**
 * The servers that capabilities on Redis share.
 */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(RedisProperties.class)
public final class RedisConfiguration {

	/** Lettuce's own default waits up to 30 s before it connects again. */
	private static final Duration LONGEST_RECONNECT_DELAY = Duration.ofSeconds(1);

	@Bean
	RedisServers nocobaseClusterRedisServers(ListableBeanFactory beans, RedisProperties properties, Instance instance,
			ClusterRuntime runtime, Signals signals) {
		return new RedisServers(beans, properties, instance, runtime, signals);
	}

	@Bean
	LifecycleStep nocobaseClusterRedisLifecycle(RedisServers servers, ClusterRuntime runtime) {
		return new LifecycleStep("Redis", ClusterPhases.SERVERS, runtime.executor(), servers::start, servers::stop);
	}

	@Bean
	@Order(Ordered.HIGHEST_PRECEDENCE)
	ClientResourcesBuilderCustomizer nocobaseClusterReconnectDelay() {
		return (resources) -> resources
			.reconnectDelay(Delay.exponential(Duration.ofMillis(1), LONGEST_RECONNECT_DELAY, 2, TimeUnit.MILLISECONDS));
	}

}
