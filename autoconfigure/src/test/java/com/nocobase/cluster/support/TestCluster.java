package com.nocobase.cluster.support;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import org.awaitility.core.ThrowingRunnable;
import org.springframework.boot.amqp.autoconfigure.RabbitAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.annotation.Configurations;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.support.GenericApplicationContext;

import com.nocobase.cluster.autoconfigure.ClusterAutoConfiguration;
import com.nocobase.cluster.autoconfigure.ClusterRabbitAutoConfiguration;
import com.nocobase.cluster.autoconfigure.ClusterRedisAutoConfiguration;
import com.nocobase.cluster.autoconfigure.MemberAutoConfiguration;
import com.nocobase.cluster.autoconfigure.PubSubAutoConfiguration;
import com.nocobase.cluster.autoconfigure.SyncAutoConfiguration;
import com.nocobase.cluster.memory.MemoryBroker;
import com.nocobase.cluster.message.Instance;

import static org.awaitility.Awaitility.await;

/**
 * A cluster for a test: contexts that meet in one broker. Closing it closes all of them.
 */
public final class TestCluster implements AutoCloseable {

	private final Consumer<GenericApplicationContext> common;

	private final Consumer<Instance> crash;

	private final String[] properties;

	private final List<ConfigurableApplicationContext> contexts = new ArrayList<>();

	public TestCluster(Consumer<GenericApplicationContext> common, Consumer<Instance> crash, String... properties) {
		this.common = common;
		this.crash = crash;
		this.properties = properties;
	}

	public static TestCluster inMemory(String... properties) {
		MemoryBroker broker = new MemoryBroker();
		return new TestCluster((context) -> context.registerBean(MemoryBroker.class, () -> broker), broker::crash,
				properties);
	}

	public ConfigurableApplicationContext start(String... properties) {
		return start((context) -> {
		}, properties);
	}

	public ConfigurableApplicationContext start(Consumer<GenericApplicationContext> customizer, String... properties) {
		ConfigurableApplicationContext context = create(customizer, properties);
		context.refresh();
		return context;
	}

	public ConfigurableApplicationContext create(Consumer<GenericApplicationContext> customizer, String... properties) {
		AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
		this.contexts.add(context);
		TestPropertyValues.of("nocobase.cluster.name=test").and(this.properties).and(properties).applyTo(context);
		context.registerBean(SignalCounts.class);
		this.common.accept(context);
		customizer.accept(context);
		context.register(Configurations.getClasses(AutoConfigurations.of(autoConfigurations(context))));
		return context;
	}

	private static Class<?>[] autoConfigurations(ConfigurableApplicationContext context) {
		List<Class<?>> all = new ArrayList<>(List.of(ClusterAutoConfiguration.class, MemberAutoConfiguration.class,
				PubSubAutoConfiguration.class, SyncAutoConfiguration.class));
		if (Binder.get(context.getEnvironment())
			.bind("spring.data.redis", Bindable.mapOf(String.class, Object.class))
			.isBound()) {
			all.add(DataRedisAutoConfiguration.class);
			all.add(ClusterRedisAutoConfiguration.class);
		}
		if (context.getEnvironment().containsProperty("spring.rabbitmq.addresses")) {
			all.add(RabbitAutoConfiguration.class);
			all.add(ClusterRabbitAutoConfiguration.class);
		}
		return all.toArray(Class<?>[]::new);
	}

	public void crash(ConfigurableApplicationContext context) {
		this.crash.accept(context.getBean(Instance.class));
	}

	/**
	 * Waits until the assertion holds, long enough for a slow machine.
	 * @param assertion what shall hold
	 */
	public static void eventually(ThrowingRunnable assertion) {
		await().pollDelay(Duration.ZERO)
			.pollInterval(Duration.ofMillis(10))
			.atMost(Duration.ofSeconds(20))
			.untilAsserted(assertion);
	}

	@Override
	public void close() {
		this.contexts.forEach(ConfigurableApplicationContext::close);
	}

}
