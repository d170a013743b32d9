package com.nocobase.cluster.pubsub.memory;

import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import com.nocobase.cluster.memory.MemoryBroker;
import com.nocobase.cluster.message.Instance;
import com.nocobase.cluster.pubsub.PubSubAdapter;

/**
 * Pub/sub among the contexts that share a {@link MemoryBroker}.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty(name = "nocobase.cluster.pubsub.adapter", havingValue = "memory", matchIfMissing = true)
public final class MemoryPubSubConfiguration {

	@Bean
	PubSubAdapter memoryPubSubAdapter(MemoryBroker broker, Instance instance) {
		MemoryChannels channels = broker.part(MemoryChannels.class, MemoryChannels::new);
		return (inbox) -> new MemoryPubSubConnection(channels, instance, inbox);
	}

}
