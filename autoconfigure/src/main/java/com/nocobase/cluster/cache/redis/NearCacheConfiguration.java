package com.nocobase.cluster.cache.redis;

import com.github.benmanes.caffeine.cache.Caffeine;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import com.nocobase.cluster.cache.CacheProperties;
import com.nocobase.cluster.cache.CacheStore;
import com.nocobase.cluster.redis.RedisServer;
import com.nocobase.cluster.redis.RedisServers;
import com.nocobase.cluster.support.ClusterConfigurationException;
import com.nocobase.cluster.support.ClusterPhases;
import com.nocobase.cluster.support.ClusterRuntime;
import com.nocobase.cluster.support.LifecycleStep;
import com.nocobase.cluster.support.Signals;

/**
 * The store {@code near}: Redis, with copies in the memory of each instance.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty(name = "nocobase.cluster.cache.store", havingValue = "near")
@ConditionalOnClass(Caffeine.class)
@ConditionalOnBean(RedisServers.class)
public final class NearCacheConfiguration {

	@Bean
	@ConditionalOnMissingBean(name = "nearCacheStore")
	CacheStore nearCacheStore(RedisServers servers, CacheProperties properties, ClusterRuntime runtime, Signals signals,
			NearChannel nocobaseClusterNearChannel) {
		return RedisCacheConfiguration.store(servers, properties, runtime, signals,
				new NearFactory(nocobaseClusterNearChannel, runtime));
	}

	@Bean
	NearChannel nocobaseClusterNearChannel(RedisServers servers, CacheProperties properties) {
		RedisServer server = RedisCacheConfiguration.server(servers, properties);
		if (server.readsReplicas()) {
			throw new ClusterConfigurationException(
					"nocobase.cluster.cache.store is 'near', but %s reads from replicas, which may answer with what was "
						.formatted(server) + "there before a change",
					"Set spring.data.redis.lettuce.read-from to 'upstream', or nocobase.cluster.cache.store to 'redis'.");
		}
		return new NearChannel(server);
	}

	@Bean
	LifecycleStep nocobaseClusterNearSubscription(NearChannel channel, ClusterRuntime runtime) {
		return new LifecycleStep("near caches", ClusterPhases.SERVERS + 1, runtime.executor(), channel::open,
				channel::close);
	}

}
