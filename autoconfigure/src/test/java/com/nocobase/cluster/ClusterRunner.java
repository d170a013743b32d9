package com.nocobase.cluster;

import java.util.stream.StreamSupport;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.annotation.ImportCandidates;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.util.ClassUtils;

import com.nocobase.cluster.memory.MemoryBroker;

/**
 * Application contexts with all of our auto-configurations, as the jar lists them.
 */
public final class ClusterRunner {

	private ClusterRunner() {
	}

	/**
	 * Returns a runner for one instance of its own.
	 * @return the runner
	 */
	public static ApplicationContextRunner instance() {
		Class<?>[] ours = StreamSupport
			.stream(ImportCandidates.load(AutoConfiguration.class, ClusterRunner.class.getClassLoader()).spliterator(),
					false)
			.filter((name) -> name.startsWith("com.nocobase.cluster."))
			.map((name) -> ClassUtils.resolveClassName(name, null))
			.toArray(Class<?>[]::new);
		return new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(ours))
			.withConfiguration(AutoConfigurations.of(JacksonAutoConfiguration.class))
			.withPropertyValues("spring.application.name=crm", "nocobase.cluster.sync.debounce=0s");
	}

	/**
	 * Returns a runner for an instance among others.
	 * @param broker connects them
	 * @return the runner
	 */
	public static ApplicationContextRunner instance(MemoryBroker broker) {
		return instance().withBean(MemoryBroker.class, () -> broker);
	}

}
