package com.nocobase.cluster.sample;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;

import com.nocobase.cluster.memory.MemoryBroker;

/**
 * Starts instances of the sample in this JVM, each on a free port.
 */
final class SampleContext {

	private SampleContext() {
	}

	/**
	 * Starts an instance.
	 * @param broker connects instances
	 * @param directory where their queue files lie
	 * @param arguments properties
	 * @return the instance
	 */
	static ConfigurableApplicationContext start(MemoryBroker broker, Path directory, String... arguments) {
		List<String> all = new ArrayList<>(List.of(arguments));
		all.add("--server.port=0");
		all.add("--nocobase.cluster.queue.memory.directory=" + directory);
		return new SpringApplicationBuilder(SampleApplication.class)
			.initializers(
					(context) -> ((GenericApplicationContext) context).registerBean(MemoryBroker.class, () -> broker))
			.run(all.toArray(String[]::new));
	}

	static SampleClient client(ConfigurableApplicationContext instance) {
		return new SampleClient(instance.getEnvironment().getRequiredProperty("local.server.port", Integer.class));
	}

}
