package com.nocobase.cluster.autoconfigure;

import java.util.HashMap;
import java.util.Map;

import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.ConfigurationPropertyState;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/**
 * Switches off Boot's health indicator of a server that the starter's libraries could use
 * and no capability does, so that it never turns health red. Any
 * {@code spring.data.redis.*} ({@code spring.rabbitmq.*}) property means that the
 * application uses the server by itself, and the indicator's own property always wins.
 */
class UnusedServerHealthDefaults implements EnvironmentPostProcessor, Ordered {

	private static final String SOURCE = "nocobaseClusterDefaults";

	@Override
	public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
		Map<String, Object> defaults = new HashMap<>();
		if (!ServersInUse.redis(environment) && !hasAny(environment, "spring.data.redis")) {
			defaults.put("management.health.redis.enabled", false);
		}
		if (!ServersInUse.rabbit(environment) && !hasAny(environment, "spring.rabbitmq")) {
			defaults.put("management.health.rabbit.enabled", false);
		}
		if (!defaults.isEmpty()) {
			environment.getPropertySources().addLast(new MapPropertySource(SOURCE, defaults));
		}
	}

	@Override
	public int getOrder() {
		return Ordered.LOWEST_PRECEDENCE;
	}

	private static boolean hasAny(ConfigurableEnvironment environment, String prefix) {
		ConfigurationPropertyName name = ConfigurationPropertyName.of(prefix);
		for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
			if (source.containsDescendantOf(name) == ConfigurationPropertyState.PRESENT) {
				return true;
			}
		}
		return false;
	}

}
