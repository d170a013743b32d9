package com.nocobase.cluster.queue;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import org.springframework.boot.amqp.autoconfigure.RabbitAutoConfiguration;
import org.springframework.boot.autoconfigure.context.LifecycleAutoConfiguration;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.support.GenericApplicationContext;

import com.nocobase.cluster.autoconfigure.ClusterAutoConfiguration;
import com.nocobase.cluster.autoconfigure.ClusterRabbitAutoConfiguration;
import com.nocobase.cluster.autoconfigure.QueueAutoConfiguration;
import com.nocobase.cluster.message.Instance;
import com.nocobase.cluster.support.CapabilityHealth;
import com.nocobase.cluster.support.Signals;

/**
 * One instance under test: an application context with an event queue.
 */
public final class QueueNode implements AutoCloseable {

	private final AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();

	private final Map<String, AtomicInteger> signals = new ConcurrentHashMap<>();

	QueueNode(QueueTestBroker broker, String app, Map<String, Object> settings,
			Consumer<GenericApplicationContext> beans) {
		Map<String, Object> properties = new LinkedHashMap<>();
		properties.put("nocobase.cluster.name", app);
		properties.put("nocobase.cluster.queue.drain", Duration.ofSeconds(5));
		broker.connect(this.context, properties);
		properties.putAll(settings);
		TestPropertyValues.of(properties.entrySet().stream().map((entry) -> entry.getKey() + "=" + entry.getValue()))
			.applyTo(this.context);
		this.context.registerBean(Signals.class, () -> (event, subject) -> counter(event).incrementAndGet());
		beans.accept(this.context);
		this.context.register(LifecycleAutoConfiguration.class, ClusterAutoConfiguration.class);
		if (properties.containsKey("spring.rabbitmq.addresses")) {
			this.context.register(RabbitAutoConfiguration.class, ClusterRabbitAutoConfiguration.class);
		}
		this.context.register(QueueAutoConfiguration.class);
		this.context.refresh();
	}

	public EventQueue queue() {
		return this.context.getBean(EventQueue.class);
	}

	public <T> T bean(Class<T> type) {
		return this.context.getBean(type);
	}

	public Instance instance() {
		return bean(Instance.class);
	}

	public CapabilityHealth health() {
		return bean(QueueManager.class).health();
	}

	public int signals(String event) {
		return counter(event).get();
	}

	public void publishFrame(String channel, byte[] frame) {
		String id = UUID.randomUUID().toString();
		bean(QueueAdapter.class)
			.publish(new TaskMessage(new Channels(instance().app()).scoped(channel, false), id, frame, Duration.ZERO, 0,
					null))
			.toCompletableFuture()
			.join();
	}

	public void stop() {
		this.context.stop();
	}

	public void start() {
		this.context.start();
	}

	@Override
	public void close() {
		this.context.close();
	}

	private AtomicInteger counter(String event) {
		return this.signals.computeIfAbsent(event, (key) -> new AtomicInteger());
	}

}
