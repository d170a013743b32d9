package com.nocobase.cluster.worker;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import com.nocobase.cluster.support.Adapters;
import com.nocobase.cluster.support.ClusterPhases;
import com.nocobase.cluster.support.ClusterRuntime;
import com.nocobase.cluster.support.LifecycleStep;

/**
 * Ids with a worker id of the allocator that is named.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnMissingBean(SnowflakeIds.class)
@ConditionalOnBooleanProperty(name = "nocobase.cluster.worker-id.enabled", matchIfMissing = true)
@EnableConfigurationProperties(WorkerIdProperties.class)
public final class WorkerIdConfiguration {

	@Bean
	LeasedIds snowflakeIds(ListableBeanFactory beans, WorkerIdProperties properties, ClusterRuntime runtime) {
		WorkerIdAllocator allocator = Adapters.named(beans, WorkerIdAllocator.class,
				"nocobase.cluster.worker-id.allocator", properties.allocatorName());
		return new LeasedIds(properties, allocator, runtime);
	}

	@Bean
	LifecycleStep nocobaseWorkerIdLifecycle(LeasedIds ids, ClusterRuntime runtime) {
		return new LifecycleStep("worker id", ClusterPhases.LEASES, runtime.executor(), ids::start, ids::stop);
	}

}
