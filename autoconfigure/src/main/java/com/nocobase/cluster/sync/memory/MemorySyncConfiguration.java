package com.nocobase.cluster.sync.memory;

import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import com.nocobase.cluster.memory.MemoryBroker;
import com.nocobase.cluster.message.Instance;
import com.nocobase.cluster.support.ClusterRuntime;
import com.nocobase.cluster.sync.SyncAdapter;
import com.nocobase.cluster.sync.SyncProperties;

/**
 * Sync messages among the contexts that share a {@link MemoryBroker}.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty(name = "nocobase.cluster.sync.adapter", havingValue = "memory", matchIfMissing = true)
public final class MemorySyncConfiguration {

	@Bean
	SyncAdapter memorySyncAdapter(MemoryBroker broker, Instance instance, ClusterRuntime runtime,
			SyncProperties properties) {
		MemoryLogs logs = broker.part(MemoryLogs.class, MemoryLogs::new);
		return (inbox) -> new MemorySyncConnection(logs.of(instance.app()), instance, inbox, runtime,
				properties.backlog());
	}

}
