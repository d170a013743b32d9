package com.nocobase.cluster.autoconfigure;

import java.util.Map;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

import com.nocobase.cluster.support.UnknownAdapterException;

/**
 * Explains a configuration that names an adapter that is not there.
 */
class UnknownAdapterFailureAnalyzer extends AbstractFailureAnalyzer<UnknownAdapterException> {

	private static final Map<String, String> LIBRARIES = Map.of("memory", "com.github.ben-manes.caffeine:caffeine");

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, UnknownAdapterException cause) {
		String description = "%s is '%s', but there is no such adapter.".formatted(cause.property(), cause.adapter());
		String library = LIBRARIES.get(cause.adapter());
		String add = (library != null) ? "add %s to the class path, or ".formatted(library) : "";
		String choose = cause.available().isEmpty() ? ""
				: "set the property to one of %s, or ".formatted(cause.available());
		String action = "%s%sdefine a bean '%s' of type %s.".formatted(add, choose, cause.adapter(), cause.contract());
		return new FailureAnalysis(description, Character.toUpperCase(action.charAt(0)) + action.substring(1), cause);
	}

}
