package com.nocobase.cluster.actuate;

import java.util.Map;
import java.util.TreeMap;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import com.nocobase.cluster.support.Capability;

/**
 * One health contributor per capability, together under {@code cluster}.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnEnabledHealthIndicator("cluster")
public final class ClusterHealthConfiguration {

	@Bean
	@ConditionalOnMissingBean(name = "clusterHealthContributor")
	HealthContributor clusterHealthContributor(ObjectProvider<Capability> capabilities) {
		Map<String, HealthContributor> contributors = new TreeMap<>();
		capabilities.forEach((each) -> contributors.put(each.name(), new CapabilityHealthIndicator(each)));
		return CompositeHealthContributor.fromMap(contributors);
	}

}
