package com.nocobase.cluster.autoconfigure;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Import;

import com.nocobase.cluster.actuate.ClusterHealthConfiguration;
import com.nocobase.cluster.message.Instance;

/**
 * Health, wherever the application has Boot's health.
 */
@AutoConfiguration(after = ClusterAppAutoConfiguration.class)
@ConditionalOnClass(name = { "org.springframework.boot.health.contributor.HealthContributor",
		"org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator" })
@ConditionalOnBean(Instance.class)
@Import(ClusterHealthConfiguration.class)
public final class ClusterHealthAutoConfiguration {

}
