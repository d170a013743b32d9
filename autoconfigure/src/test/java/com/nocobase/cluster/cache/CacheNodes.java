package com.nocobase.cluster.cache;

import java.util.ArrayList;
import java.util.List;

import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;

/**
 * Application contexts with caches: instances of applications on one store.
 */
public final class CacheNodes implements AutoCloseable {

	private final Class<?> configuration;

	private final String[] properties;

	private final List<ConfigurableApplicationContext> contexts = new ArrayList<>();

	/**
	 * Creates nodes that are started later.
	 * @param configuration imports the auto-configurations
	 * @param properties chooses the store
	 */
	public CacheNodes(Class<?> configuration, String... properties) {
		this.configuration = configuration;
		this.properties = properties;
	}

	/**
	 * Starts an instance.
	 * @param app name of the application
	 * @param more further settings
	 * @return the instance
	 */
	public ConfigurableApplicationContext start(String app, String... more) {
		AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
		TestPropertyValues.of(this.properties).and(more).and("nocobase.cluster.name=" + app).applyTo(context);
		context.register(this.configuration);
		context.refresh();
		this.contexts.add(context);
		return context;
	}

	@Override
	public void close() {
		this.contexts.forEach(ConfigurableApplicationContext::close);
		this.contexts.clear();
	}

}
