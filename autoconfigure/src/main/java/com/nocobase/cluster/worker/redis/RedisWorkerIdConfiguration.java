package com.nocobase.cluster.worker.redis;

import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import com.nocobase.cluster.redis.RedisServer;
import com.nocobase.cluster.redis.RedisServers;
import com.nocobase.cluster.support.ClusterRuntime;
import com.nocobase.cluster.worker.WorkerIdProperties;

/**
 * Worker ids on Redis.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty(name = "nocobase.cluster.worker-id.allocator", havingValue = WorkerIdProperties.REDIS)
@ConditionalOnBooleanProperty(name = "nocobase.cluster.worker-id.enabled", matchIfMissing = true)
@ConditionalOnBean(RedisServers.class)
@EnableConfigurationProperties(WorkerIdProperties.class)
public final class RedisWorkerIdConfiguration {

	@Bean
	RedisWorkerIds redisWorkerIdAllocator(RedisServers servers, WorkerIdProperties properties, ClusterRuntime runtime) {
		RedisServer server = servers.server("nocobase.cluster.worker-id.connection-factory",
				properties.connectionFactory());
		server.mustNotEvict("worker ids");
		return new RedisWorkerIds(server, properties.ttl(), runtime);
	}

}
