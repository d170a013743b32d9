package com.nocobase.cluster.autoconfigure;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

import com.nocobase.cluster.member.MemberConfiguration;
import com.nocobase.cluster.member.MemberDetails;
import com.nocobase.cluster.member.MemberProperties;
import com.nocobase.cluster.member.memory.MemoryMemberConfiguration;
import com.nocobase.cluster.member.redis.RedisMemberConfiguration;
import com.nocobase.cluster.support.Capability;
import com.nocobase.cluster.support.ClusterRuntime;
import com.nocobase.cluster.worker.WorkerMode;

/**
 * The members.
 */
@AutoConfiguration(after = { ClusterAutoConfiguration.class, ClusterRedisAutoConfiguration.class })
@ConditionalOnBean(ClusterRuntime.class)
@ConditionalOnBooleanProperty(name = "nocobase.cluster.members.enabled", matchIfMissing = true)
@EnableConfigurationProperties(MemberProperties.class)
@Import({ MemoryMemberConfiguration.class, RedisMemberConfiguration.class, MemberConfiguration.class })
public final class MemberAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	MemberDetails nocobaseClusterMemberDetails(ObjectProvider<Capability> capabilities,
			ObjectProvider<WorkerMode> mode) {
		return new CapabilityDetails(capabilities, mode);
	}

}
