package com.nocobase.cluster.autoconfigure;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

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

	private static final List<String> ADAPTERS = List.of("cache.store", "pubsub.adapter", "sync.adapter",
			"queue.adapter", "queue.ledger", "lock.adapter", "worker-id.allocator", "members.adapter");

	@Override
	public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
		Map<String, Object> defaults = new HashMap<>();
		if (!isUsed(environment, Set.of("redis", "near", "redis-lease"), "spring.data.redis")) {
			defaults.put("management.health.redis.enabled", false);
		}
		if (!isUsed(environment, Set.of("rabbitmq"), "spring.rabbitmq")) {
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

	private static boolean isUsed(ConfigurableEnvironment environment, Set<String> adapters, String prefix) {
		boolean adapter = ADAPTERS.stream()
			.map((each) -> environment.getProperty("nocobase.cluster." + each, ""))
			.anyMatch(adapters::contains);
		return adapter || hasAny(environment, ConfigurationPropertyName.of(prefix));
	}

	private static boolean hasAny(ConfigurableEnvironment environment, ConfigurationPropertyName prefix) {
		for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
			if (source.containsDescendantOf(prefix) == ConfigurationPropertyState.PRESENT) {
				return true;
			}
		}
		return false;
	}

}
