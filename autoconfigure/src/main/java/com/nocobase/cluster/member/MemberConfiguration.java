package com.nocobase.cluster.member;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import com.nocobase.cluster.message.Instance;
import com.nocobase.cluster.support.Adapters;
import com.nocobase.cluster.support.ClusterPhases;
import com.nocobase.cluster.support.ClusterRuntime;
import com.nocobase.cluster.support.LifecycleStep;
import com.nocobase.cluster.support.Signals;

/**
 * The members on top of the chosen adapter.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnMissingBean(ClusterMembers.class)
public final class MemberConfiguration {

	/** There as soon as any capability uses Redis. */
	private static final String REDIS_ADAPTER = "redisMemberAdapter";

	@Bean
	Heartbeats nocobaseClusterMembers(ListableBeanFactory beans, MemberProperties properties, Instance instance,
			MemberDetails details, ClusterRuntime runtime, Signals signals) {
		String name = name(beans, properties);
		MemberAdapter adapter = Adapters.named(beans, MemberAdapter.class, "nocobase.cluster.members.adapter", name);
		return new Heartbeats(name, adapter, properties, new Announcement(instance, details, runtime.clock()),
				new MemberListeners(runtime, signals), runtime, signals);
	}

	private static String name(ListableBeanFactory beans, MemberProperties properties) {
		if (properties.adapter() != null) {
			return properties.adapter();
		}
		return beans.containsBean(REDIS_ADAPTER) ? MemberProperties.REDIS : MemberProperties.MEMORY;
	}

	@Bean
	LifecycleStep nocobaseClusterMembership(Heartbeats heartbeats, ClusterRuntime runtime) {
		return new LifecycleStep("members", ClusterPhases.MEMBERS, runtime.executor(), heartbeats::start,
				heartbeats::stop);
	}

}
