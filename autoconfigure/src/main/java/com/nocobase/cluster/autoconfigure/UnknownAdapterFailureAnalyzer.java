package com.nocobase.cluster.autoconfigure;

import java.util.Map;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

import com.nocobase.cluster.support.UnknownAdapterException;

/**
 * Explains a configuration that names an adapter that is not there.
 */
class UnknownAdapterFailureAnalyzer extends AbstractFailureAnalyzer<UnknownAdapterException> {

	private static final Map<String, String> LOCAL = Map.of("nocobase.cluster.lock.adapter", "local",
			"nocobase.cluster.worker-id.allocator", "local");

	private static final String REDIS = "org.springframework.boot:spring-boot-starter-data-redis";

	private static final String RABBIT = "org.springframework.boot:spring-boot-starter-amqp";

	/** What brings the library of an adapter of ours. */
	private static final Map<String, String> LIBRARIES = Map.of("nocobase.cluster.pubsub.adapter=redis", REDIS,
			"nocobase.cluster.queue.adapter=redis", REDIS, "nocobase.cluster.lock.adapter=redis",
			REDIS + " and org.springframework.integration:spring-integration-redis",
			"nocobase.cluster.lock.adapter=redis-lease", REDIS, "nocobase.cluster.worker-id.allocator=redis", REDIS,
			"nocobase.cluster.members.adapter=redis", REDIS, "nocobase.cluster.pubsub.adapter=rabbitmq", RABBIT,
			"nocobase.cluster.queue.adapter=rabbitmq", RABBIT);

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, UnknownAdapterException cause) {
		String description = "%s is '%s', but there is no such adapter.".formatted(cause.property(), cause.adapter());
		String builtIn = LOCAL.getOrDefault(cause.property(), "memory");
		String library = cause.adapter().equals(builtIn) ? "com.github.ben-manes.caffeine:caffeine"
				: LIBRARIES.get(cause.property() + "=" + cause.adapter());
		String action = (library != null) ? "Add %s to the class path".formatted(library)
				: "Set the property to '%s'".formatted(builtIn);
		return new FailureAnalysis(description,
				"%s, or define a bean '%s' of type %s.".formatted(action, cause.adapter(), cause.contract()), cause);
	}

}
