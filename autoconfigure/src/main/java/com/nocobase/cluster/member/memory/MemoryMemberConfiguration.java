package com.nocobase.cluster.member.memory;

import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import com.nocobase.cluster.member.MemberAdapter;
import com.nocobase.cluster.member.MemberProperties;
import com.nocobase.cluster.memory.MemoryBroker;
import com.nocobase.cluster.message.Instance;
import com.nocobase.cluster.support.ClusterRuntime;

/**
 * Members among the contexts that share a {@link MemoryBroker}.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty(name = "nocobase.cluster.members.adapter", havingValue = MemberProperties.MEMORY,
		matchIfMissing = true)
public final class MemoryMemberConfiguration {

	@Bean
	MemberAdapter memoryMemberAdapter(MemoryBroker broker, Instance instance, ClusterRuntime runtime) {
		return new MemoryMembers(broker.part(MemoryRegister.class, MemoryRegister::new), instance, runtime);
	}

}
