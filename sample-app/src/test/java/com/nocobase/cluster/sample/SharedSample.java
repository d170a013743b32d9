package com.nocobase.cluster.sample;

import java.io.IOException;
import java.io.UncheckedIOException;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives tests a client of one process that they share. It runs on H2 in memory, without
 * any configuration, until the last test is done.
 */
final class SharedSample implements ParameterResolver {

	@Override
	public boolean supportsParameter(ParameterContext parameter, ExtensionContext extension) {
		return parameter.getParameter().getType() == SampleClient.class;
	}

	@Override
	public Object resolveParameter(ParameterContext parameter, ExtensionContext extension) {
		return extension.getRoot()
			.getStore(Namespace.create(SharedSample.class))
			.computeIfAbsent(SampleProcess.class, (key) -> start(), SampleProcess.class)
			.client();
	}

	private static SampleProcess start() {
		try {
			return SampleProcess.start(SampleProcess.newDirectory());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
