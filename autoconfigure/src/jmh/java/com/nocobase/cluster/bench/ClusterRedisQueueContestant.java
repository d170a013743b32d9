package com.nocobase.cluster.bench;

import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import bench.Env;
import bench.QueueContestant;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.MapPropertySource;

import com.nocobase.cluster.autoconfigure.ClusterAutoConfiguration;
import com.nocobase.cluster.autoconfigure.ClusterRedisAutoConfiguration;
import com.nocobase.cluster.autoconfigure.QueueAutoConfiguration;
import com.nocobase.cluster.queue.EventQueue;
import com.nocobase.cluster.queue.QueueOptions;
import com.nocobase.cluster.queue.TaskOptions;

/**
 * The event queue on Redis as an application has it. Its tasks carry the harness's bytes
 * as JSON, in Base64.
 */
public final class ClusterRedisQueueContestant implements QueueContestant {

	private static final int WINDOW = 256;

	private final AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();

	private final Semaphore window = new Semaphore(WINDOW);

	private EventQueue queue;

	private String channel;

	@Override
	public String name() {
		return "nocobase-cluster redis";
	}

	@Override
	public String limit() {
		return "lettuce streams (limit)";
	}

	@Override
	public void start() {
		Map<String, Object> properties = Map.of("nocobase.cluster.name", "bench", "nocobase.cluster.queue.adapter",
				"redis", "nocobase.cluster.worker-id.allocator", "local", "spring.data.redis.host", Env.HOST,
				"spring.data.redis.port", Env.REDIS);
		this.context.getEnvironment().getPropertySources().addFirst(new MapPropertySource("bench", properties));
		this.context.register(Application.class);
		this.context.refresh();
		this.queue = this.context.getBean(EventQueue.class);
	}

	@Override
	public void open(String name, int consumers, Consumer<byte[]> handler) {
		this.channel = name + "." + System.nanoTime();
		this.queue.subscribe(this.channel, byte[].class, QueueOptions.DEFAULTS.withConcurrency(consumers),
				(task, run) -> handler.accept(task));
	}

	@Override
	public void publish(byte[] body) throws InterruptedException {
		if (!this.window.tryAcquire(10, TimeUnit.SECONDS)) {
			throw new IllegalStateException("no reply");
		}
		this.queue.publishAsync(this.channel, body, TaskOptions.DEFAULTS)
			.outcome()
			.whenComplete((state, ex) -> this.window.release());
	}

	@Override
	public void flush() throws InterruptedException {
		if (!this.window.tryAcquire(WINDOW, 20, TimeUnit.SECONDS)) {
			throw new IllegalStateException("not confirmed");
		}
		this.window.release(WINDOW);
	}

	@Override
	public void close() {
		this.context.close();
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ DataRedisAutoConfiguration.class, ClusterAutoConfiguration.class,
			ClusterRedisAutoConfiguration.class, QueueAutoConfiguration.class })
	static class Application {

	}

}
