package com.nocobase.cluster.cache.redis;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import com.nocobase.cluster.cache.CacheProperties;
import com.nocobase.cluster.cache.CacheStore;
import com.nocobase.cluster.redis.RedisServer;
import com.nocobase.cluster.redis.RedisServers;
import com.nocobase.cluster.support.ClusterRuntime;
import com.nocobase.cluster.support.Signals;

/**
 * The store {@code redis}.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty(name = "nocobase.cluster.cache.store", havingValue = "redis")
@ConditionalOnBean(RedisServers.class)
public final class RedisCacheConfiguration {

	@Bean
	@ConditionalOnMissingBean(name = "redisCacheStore")
	CacheStore redisCacheStore(RedisServers servers, CacheProperties properties, ClusterRuntime runtime,
			Signals signals) {
		return store(servers, properties, runtime, signals, null);
	}

	static RedisCacheStore store(RedisServers servers, CacheProperties properties, ClusterRuntime runtime,
			Signals signals, @Nullable NearFactory near) {
		RedisServer server = server(servers, properties);
		RedisCircuit circuit = properties.failFast() ? null
				: new RedisCircuit(server, runtime, signals, properties.retryAfter());
		return new RedisCacheStore(server, circuit, near);
	}

	static RedisServer server(RedisServers servers, CacheProperties properties) {
		return servers.server("nocobase.cluster.cache.connection-factory", properties.connectionFactory());
	}

}
