package com.nocobase.cluster.autoconfigure;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.context.annotation.Import;

import com.nocobase.cluster.queue.QueueConfiguration;
import com.nocobase.cluster.queue.memory.MemoryQueueConfiguration;
import com.nocobase.cluster.queue.rabbit.RabbitQueueConfiguration;
import com.nocobase.cluster.queue.redis.RedisQueueConfiguration;
import com.nocobase.cluster.support.ClusterRuntime;

/**
 * The event queue.
 */
@AutoConfiguration(
		after = { ClusterAutoConfiguration.class, ClusterRedisAutoConfiguration.class,
				ClusterRabbitAutoConfiguration.class },
		afterName = "org.springframework.boot.autoconfigure.context.LifecycleAutoConfiguration")
@ConditionalOnBean(ClusterRuntime.class)
@ConditionalOnBooleanProperty(name = "nocobase.cluster.queue.enabled", matchIfMissing = true)
@Import({ MemoryQueueConfiguration.class, RedisQueueConfiguration.class, RabbitQueueConfiguration.class,
		QueueConfiguration.class })
public final class QueueAutoConfiguration {

}
