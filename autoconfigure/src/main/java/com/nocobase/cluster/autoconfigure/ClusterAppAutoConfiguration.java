package com.nocobase.cluster.autoconfigure;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

import com.nocobase.cluster.ClusterConfiguration;
import com.nocobase.cluster.message.Instance;
import com.nocobase.cluster.support.Capability;
import com.nocobase.cluster.worker.WorkerIdProperties;

/**
 * The application as one object, its plugins, and the checks that look at all
 * capabilities together.
 */
@AutoConfiguration(after = { ClusterAutoConfiguration.class, ClusterCacheAutoConfiguration.class,
		LockAutoConfiguration.class, MemberAutoConfiguration.class, PubSubAutoConfiguration.class,
		QueueAutoConfiguration.class, SyncAutoConfiguration.class, WorkerAutoConfiguration.class })
@ConditionalOnBean(Instance.class)
@Import({ ClusterConfiguration.class, MissingCapabilityConfiguration.class })
public final class ClusterAppAutoConfiguration {

	@Bean
	RemoteAdapterCheck nocobaseClusterRemoteAdapterCheck(ObjectProvider<Capability> capabilities,
			ClusterProperties properties, @Value("${spring.application.name:}") String applicationName,
			ObjectProvider<WorkerIdProperties> workerId) {
		return new RemoteAdapterCheck(capabilities, properties.nameOr(applicationName),
				() -> workerId.stream().allMatch((each) -> each.allocator() != null));
	}

}
