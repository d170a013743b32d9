package com.nocobase.cluster.autoconfigure;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.context.annotation.Import;

import com.nocobase.cluster.actuate.ClusterHealthConfiguration;
import com.nocobase.cluster.message.Instance;

/**
 * Health, wherever the application has Boot's health.
 */
@AutoConfiguration(after = ClusterAppAutoConfiguration.class)
@ConditionalOnBean(Instance.class)
@Import(ClusterHealthConfiguration.class)
public final class ClusterHealthAutoConfiguration {

}
