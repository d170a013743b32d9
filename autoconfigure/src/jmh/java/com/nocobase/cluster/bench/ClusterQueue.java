package com.nocobase.cluster.bench;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.core.env.MapPropertySource;

import com.nocobase.cluster.queue.EventQueue;
import com.nocobase.cluster.queue.QueueOptions;
import com.nocobase.cluster.queue.TaskOptions;

/**
 * The event queue as an application has it: a context with our auto-configuration. Its
 * tasks carry the harness's bytes as JSON, in Base64.
 */
final class ClusterQueue implements AutoCloseable {

	private static final int WINDOW = 256;

	private final AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();

	private final Semaphore window = new Semaphore(WINDOW);

	private final EventQueue queue;

	private String channel;

	ClusterQueue(Class<?> server, Map<String, Object> settings) {
		Map<String, Object> properties = new HashMap<>(settings);
		properties.put("nocobase.cluster.name", "bench");
		properties.put("nocobase.cluster.worker-id.allocator", "local");
		this.context.getEnvironment().getPropertySources().addFirst(new MapPropertySource("bench", properties));
		this.context.register(server);
		this.context.refresh();
		this.queue = this.context.getBean(EventQueue.class);
	}

	void open(String name, int consumers, Consumer<byte[]> handler) {
		this.channel = name + "." + System.nanoTime();
		this.queue.subscribe(this.channel, byte[].class, QueueOptions.DEFAULTS.withConcurrency(consumers),
				(task, run) -> handler.accept(task));
	}

	void publish(byte[] body) throws InterruptedException {
		if (!this.window.tryAcquire(10, TimeUnit.SECONDS)) {
			throw new IllegalStateException("no reply");
		}
		this.queue.publishAsync(this.channel, body, TaskOptions.DEFAULTS)
			.outcome()
			.whenComplete((state, ex) -> this.window.release());
	}

	void flush() throws InterruptedException {
		if (!this.window.tryAcquire(WINDOW, 20, TimeUnit.SECONDS)) {
			throw new IllegalStateException("not confirmed");
		}
		this.window.release(WINDOW);
	}

	@Override
	public void close() {
		this.context.close();
	}

}
