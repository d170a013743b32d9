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

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, UnknownAdapterException cause) {
		String description = "%s is '%s', but there is no such adapter.".formatted(cause.property(), cause.adapter());
		String builtIn = LOCAL.getOrDefault(cause.property(), "memory");
		String action = cause.adapter().equals(builtIn) ? "Add com.github.ben-manes.caffeine:caffeine to the class path"
				: "Set the property to '%s'".formatted(builtIn);
		return new FailureAnalysis(description,
				"%s, or define a bean '%s' of type %s.".formatted(action, cause.adapter(), cause.contract()), cause);
	}

}
