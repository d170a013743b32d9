package com.nocobase.cluster.autoconfigure;

import java.util.List;
import java.util.Set;

import org.springframework.core.env.Environment;

/**
 * Which servers the configuration puts capabilities on.
 */
final class ServersInUse {

	private static final Set<String> REDIS = Set.of("redis", "near", "redis-lease");

	private static final Set<String> RABBIT = Set.of("rabbitmq");

	private static final List<String> ADAPTERS = List.of("cache.store", "pubsub.adapter", "sync.adapter",
			"queue.adapter", "queue.ledger", "lock.adapter", "worker-id.allocator", "members.adapter");

	private ServersInUse() {
	}

	static boolean redis(Environment environment) {
		return anyOf(REDIS, environment);
	}

	static boolean rabbit(Environment environment) {
		return anyOf(RABBIT, environment);
	}

	private static boolean anyOf(Set<String> adapters, Environment environment) {
		return ADAPTERS.stream()
			.map((each) -> environment.getProperty("nocobase.cluster." + each, ""))
			.anyMatch(adapters::contains);
	}

}
