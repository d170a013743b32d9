package com.nocobase.cluster.lock.local;

import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import com.nocobase.cluster.memory.MemoryBroker;
import com.nocobase.cluster.message.Instance;
import com.nocobase.cluster.support.ClusterRuntime;

/**
 * Locks in this process.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty(name = "nocobase.cluster.lock.adapter", havingValue = "local", matchIfMissing = true)
public final class LocalLockConfiguration {

	@Bean
	@ConditionalOnMissingBean(name = "localLockAdapter")
	LocalLocks localLockAdapter(MemoryBroker broker, Instance instance, ClusterRuntime runtime) {
		return new LocalLocks(broker.part(LocalLockTable.class, () -> new LocalLockTable(runtime)), instance, runtime);
	}

}
