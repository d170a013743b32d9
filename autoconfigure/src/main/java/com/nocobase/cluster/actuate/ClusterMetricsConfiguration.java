package com.nocobase.cluster.actuate;

import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import com.nocobase.cluster.support.Signals;

/**
 * Counters for what must not happen in silence.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnBean(MeterRegistry.class)
public final class ClusterMetricsConfiguration {

	@Bean
	@ConditionalOnMissingBean
	Signals nocobaseClusterSignals(MeterRegistry registry) {
		return new MicrometerSignals(registry);
	}

}
