package com.nocobase.cluster.cache.redis;

import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import com.nocobase.cluster.cache.CacheProperties;
import com.nocobase.cluster.cache.CacheStore;
import com.nocobase.cluster.redis.RedisServer;
import com.nocobase.cluster.redis.RedisServers;
import com.nocobase.cluster.support.ClusterRuntime;
import com.nocobase.cluster.support.Signals;

/**
 * The store {@code redis}. It is there as soon as anything is on Redis, as each cache may
 * name its own store.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnBean(RedisServers.class)
public final class RedisCacheConfiguration {

	@Bean
	@ConditionalOnMissingBean(name = "redisCacheStore")
	CacheStore redisCacheStore(RedisServers servers, CacheProperties properties, ClusterRuntime runtime,
			Signals signals) {
		RedisServer server = servers.server("nocobase.cluster.cache.connection-factory",
				properties.connectionFactory());
		return new RedisCacheStore(server,
				properties.failFast() ? null : new RedisCircuit(server, runtime, signals, properties.retryAfter()));
	}

}
