package com.nocobase.cluster.queue.redis;

import org.apache.commons.logging.LogFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.connection.RedisConnectionFactory;

import com.nocobase.cluster.message.Instance;
import com.nocobase.cluster.queue.Dedup;
import com.nocobase.cluster.queue.EventQueue;
import com.nocobase.cluster.queue.Priority;
import com.nocobase.cluster.queue.QueueAbilities;
import com.nocobase.cluster.queue.QueueProperties;
import com.nocobase.cluster.queue.TaskLookup;
import com.nocobase.cluster.redis.RedisServer;
import com.nocobase.cluster.redis.RedisServers;
import com.nocobase.cluster.support.ClusterRuntime;
import com.nocobase.cluster.support.Incident;
import com.nocobase.cluster.support.Signals;

/**
 * The event queue on Redis, with all abilities.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(RedisConnectionFactory.class)
@ConditionalOnProperty(name = "nocobase.cluster.queue.adapter", havingValue = "redis")
@ConditionalOnBean(RedisServers.class)
@ConditionalOnMissingBean(EventQueue.class)
public final class RedisQueueConfiguration {

	@Bean
	RedisQueueServer nocobaseClusterRedisQueueServer(RedisServers servers, QueueProperties properties,
			ClusterRuntime runtime, Signals signals) {
		RedisServer server = servers.server("nocobase.cluster.queue.connection-factory",
				properties.connectionFactory());
		server.mustNotEvict("event queue");
		return new RedisQueueServer(server, new QueueScripts(server), runtime,
				new Incident(LogFactory.getLog(RedisQueueAdapter.class), runtime, signals, "queue.redis-failed"),
				properties.ownership());
	}

	@Bean
	RedisQueueAdapter redisQueueAdapter(RedisQueueServer queue) {
		return new RedisQueueAdapter(queue);
	}

	@Bean
	@ConditionalOnMissingBean
	TaskLookup nocobaseClusterTaskLookup(RedisQueueAdapter adapter, RedisQueueServer queue, Instance instance,
			ClusterRuntime runtime) {
		return QueueAbilities.lookup(new RedisTasks(adapter, queue), instance, runtime.clock());
	}

	@Bean
	@ConditionalOnMissingBean
	Dedup nocobaseClusterDedup() {
		return QueueAbilities.dedup();
	}

	@Bean
	@ConditionalOnMissingBean
	Priority nocobaseClusterPriority() {
		return QueueAbilities.priority();
	}

}
