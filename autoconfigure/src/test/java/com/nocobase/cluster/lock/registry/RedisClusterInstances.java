package com.nocobase.cluster.lock.registry;

import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import com.nocobase.cluster.redis.RedisCluster;

/**
 * Contexts on one Redis Cluster.
 */
final class RedisClusterInstances {

	private RedisClusterInstances() {
	}

	static ConfigurableApplicationContext start(String... properties) {
		return RedisInstances.start((
				context) -> TestPropertyValues.of(RedisCluster.shared().properties()).and(properties).applyTo(context));
	}

	static void crash(ConfigurableApplicationContext context) {
		context.getBean(LettuceConnectionFactory.class).stop();
	}

}
