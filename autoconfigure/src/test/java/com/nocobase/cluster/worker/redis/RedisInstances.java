package com.nocobase.cluster.worker.redis;

import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.annotation.Configurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;

import com.nocobase.cluster.autoconfigure.ClusterAutoConfiguration;
import com.nocobase.cluster.autoconfigure.ClusterRedisAutoConfiguration;
import com.nocobase.cluster.autoconfigure.WorkerAutoConfiguration;
import com.nocobase.cluster.message.Names;
import com.nocobase.cluster.redis.OwnNetwork;
import com.nocobase.cluster.redis.QuickReconnects;

/**
 * Instances with worker ids on Redis, each connected through a network of its own. Names
 * of applications are made fresh.
 */
final class RedisInstances {

	private static final String NAME = "nocobase.cluster.name=";

	private static final String SHORT = "nocobase.cluster.worker-id.ttl=1s";

	/** An instance that connects to a server may take a second to start. */
	private static final String ENOUGH_TO_START = "nocobase.cluster.worker-id.ttl=3s";

	private final String suffix = "-" + UUID.randomUUID();

	private final String[] server;

	private final BiConsumer<String, String[]> command;

	/**
	 * Creates the instances of one test.
	 * @param server settings of the server
	 * @param command sends a command to the server that has a key
	 */
	RedisInstances(String[] server, BiConsumer<String, String[]> command) {
		this.server = server;
		this.command = command;
	}

	String registry(String app) {
		return "{" + Names.escape(app + this.suffix) + ":member}workers";
	}

	/** Ages the registry, so that the first instance has not to wait for others. */
	void settle(String app) {
		this.command.accept(registry(app), new String[] { "HSETNX", registry(app), "created", "1" });
	}

	ConfigurableApplicationContext start(String... properties) {
		String app = Stream.of(properties)
			.filter((each) -> each.startsWith(NAME))
			.map((each) -> each.substring(NAME.length()))
			.findFirst()
			.orElse("test");
		settle(app);
		return startUnsettled(app, properties);
	}

	ConfigurableApplicationContext startUnsettled(String app, String... properties) {
		AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
		TestPropertyValues.of(this.server)
			.and("nocobase.cluster.worker-id.allocator=redis", "nocobase.cluster.redis.timeout=10s")
			.and(Stream.of(properties)
				.map((each) -> each.equals(SHORT) ? ENOUGH_TO_START : each)
				.toArray(String[]::new))
			.and(NAME + app + this.suffix)
			.applyTo(context);
		context.registerBean(OwnNetwork.class);
		context.registerBean(QuickReconnects.class);
		context.register(Configurations.getClasses(AutoConfigurations.of(ClusterAutoConfiguration.class,
				DataRedisAutoConfiguration.class, ClusterRedisAutoConfiguration.class, WorkerAutoConfiguration.class)));
		try {
			context.refresh();
		}
		catch (RuntimeException ex) {
			context.close();
			throw ex;
		}
		return context;
	}

	static void cut(ConfigurableApplicationContext instance) {
		instance.getBean(OwnNetwork.class).cut();
	}

}
