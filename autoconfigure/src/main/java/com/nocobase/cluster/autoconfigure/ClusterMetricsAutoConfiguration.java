package com.nocobase.cluster.autoconfigure;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Import;

import com.nocobase.cluster.actuate.ClusterMetricsConfiguration;

/**
 * Meters, wherever the application has a meter registry.
 */
@AutoConfiguration(before = ClusterAutoConfiguration.class,
		afterName = "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration")
@ConditionalOnClass(name = "io.micrometer.core.instrument.MeterRegistry")
@ConditionalOnBooleanProperty(name = "nocobase.cluster.enabled", matchIfMissing = true)
@Import(ClusterMetricsConfiguration.class)
public final class ClusterMetricsAutoConfiguration {

}
