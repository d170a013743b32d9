package com.nocobase.cluster.worker.web;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementPortType;
import org.springframework.boot.actuate.endpoint.web.PathMappedEndpoints;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.env.Environment;

import com.nocobase.cluster.worker.WorkerMode;

/**
 * A filter in front of all others, which leaves the actuator alone.
 */
@Configuration(proxyBeanMethods = false)
public final class WorkerWebConfiguration {

	@Bean
	FilterRegistrationBean<NotServingFilter> nocobaseNotServingFilter(WorkerMode mode,
			ObjectProvider<AlwaysServed> alwaysServed) {
		FilterRegistrationBean<NotServingFilter> registration = new FilterRegistrationBean<>(
				new NotServingFilter(mode, alwaysServed.getIfAvailable(() -> (path) -> false)));
		registration.setOrder(Ordered.HIGHEST_PRECEDENCE);
		return registration;
	}

	/** Where there is an actuator. */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ PathMappedEndpoints.class, ManagementPortType.class })
	static class ActuatorConfiguration {

		@Bean
		ActuatorPaths nocobaseActuatorPaths(ObjectProvider<PathMappedEndpoints> endpoints, Environment environment) {
			return new ActuatorPaths(endpoints, ManagementPortType.get(environment) == ManagementPortType.SAME);
		}

	}

}
