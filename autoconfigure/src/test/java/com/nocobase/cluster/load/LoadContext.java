package com.nocobase.cluster.load;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import com.nocobase.cluster.ClusterRunner;

/**
 * An application that has locks and Redis and nothing else.
 */
final class LoadContext {

	private LoadContext() {
	}

	static ApplicationContextRunner of(String... properties) {
		return ClusterRunner.instance()
			.withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class, DataRedisAutoConfiguration.class))
			.withPropertyValues("nocobase.cluster.cache.enabled=false", "nocobase.cluster.pubsub.enabled=false",
					"nocobase.cluster.sync.enabled=false", "nocobase.cluster.queue.enabled=false",
					"nocobase.cluster.worker-id.enabled=false", "nocobase.cluster.members.enabled=false")
			.withPropertyValues(properties);
	}

}
