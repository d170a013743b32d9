package com.nocobase.cluster.autoconfigure;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

import com.nocobase.cluster.PluginException;

/**
 * Explains plugins that cannot be told apart. A hook that threw keeps its stack trace
 * instead, which says more.
 */
class PluginFailureAnalyzer extends AbstractFailureAnalyzer<PluginException> {

	@Override
	protected @Nullable FailureAnalysis analyze(Throwable rootFailure, PluginException cause) {
		if (cause.getCause() != null) {
			return null;
		}
		return new FailureAnalysis(cause.getMessage() + ".", "Give each plugin a name of its own.", cause);
	}

}
