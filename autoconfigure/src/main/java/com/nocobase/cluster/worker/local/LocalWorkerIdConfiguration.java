package com.nocobase.cluster.worker.local;

import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import com.nocobase.cluster.memory.MemoryBroker;
import com.nocobase.cluster.message.Instance;
import com.nocobase.cluster.support.ClusterRuntime;
import com.nocobase.cluster.worker.WorkerIdProperties;

/**
 * Worker ids in this process.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty(name = "nocobase.cluster.worker-id.allocator", havingValue = WorkerIdProperties.LOCAL,
		matchIfMissing = true)
@ConditionalOnBooleanProperty(name = "nocobase.cluster.worker-id.enabled", matchIfMissing = true)
@EnableConfigurationProperties(WorkerIdProperties.class)
public final class LocalWorkerIdConfiguration {

	@Bean
	@ConditionalOnMissingBean(name = "localWorkerIdAllocator")
	LocalWorkerIds localWorkerIdAllocator(MemoryBroker broker, Instance instance, ClusterRuntime runtime,
			WorkerIdProperties properties) {
		return new LocalWorkerIds(broker.part(LocalWorkerIdTable.class, () -> new LocalWorkerIdTable(runtime)),
				instance, properties.ttl());
	}

}
