package com.nocobase.cluster.queue.memory;

import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import com.nocobase.cluster.memory.MemoryBroker;
import com.nocobase.cluster.message.Instance;
import com.nocobase.cluster.queue.Dedup;
import com.nocobase.cluster.queue.EventQueue;
import com.nocobase.cluster.queue.Priority;
import com.nocobase.cluster.queue.QueueAbilities;
import com.nocobase.cluster.queue.TaskLookup;
import com.nocobase.cluster.support.ClusterRuntime;
import com.nocobase.cluster.support.Signals;

/**
 * The event queue in memory, with all abilities.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty(name = "nocobase.cluster.queue.adapter", havingValue = "memory", matchIfMissing = true)
@ConditionalOnMissingBean(EventQueue.class)
@EnableConfigurationProperties(MemoryQueueProperties.class)
public final class MemoryQueueConfiguration {

	@Bean
	MemoryQueueAdapter memoryQueueAdapter(MemoryBroker broker, ClusterRuntime runtime, Signals signals,
			MemoryQueueProperties properties) {
		return new MemoryQueueAdapter(broker, runtime, signals, properties);
	}

	@Bean
	@ConditionalOnMissingBean
	TaskLookup nocobaseClusterTaskLookup(MemoryQueueAdapter memoryQueueAdapter, Instance instance,
			ClusterRuntime runtime) {
		return QueueAbilities.lookup(memoryQueueAdapter, instance, runtime.clock());
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
