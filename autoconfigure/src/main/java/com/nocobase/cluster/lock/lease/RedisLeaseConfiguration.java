package com.nocobase.cluster.lock.lease;

import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import com.nocobase.cluster.lock.LockProperties;
import com.nocobase.cluster.redis.RedisServer;
import com.nocobase.cluster.redis.RedisServers;
import com.nocobase.cluster.support.ClusterRuntime;

/**
 * Leases in Redis.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty(name = "nocobase.cluster.lock.adapter", havingValue = "redis-lease")
@ConditionalOnBean(RedisServers.class)
public final class RedisLeaseConfiguration {

	@Bean("redis-leaseLockAdapter")
	@ConditionalOnMissingBean(name = "redis-leaseLockAdapter")
	RedisLeases redisLeaseLockAdapter(RedisServers servers, LockProperties properties, ClusterRuntime runtime) {
		RedisServer server = servers.server("nocobase.cluster.lock.connection-factory", properties.connectionFactory());
		server.mustNotEvict("locks");
		return new RedisLeases(server, runtime);
	}

}
