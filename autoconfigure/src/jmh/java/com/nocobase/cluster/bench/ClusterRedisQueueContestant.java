package com.nocobase.cluster.bench;

import java.util.Map;
import java.util.function.Consumer;

import bench.Env;
import bench.QueueContestant;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.context.annotation.Configuration;

import com.nocobase.cluster.autoconfigure.ClusterAutoConfiguration;
import com.nocobase.cluster.autoconfigure.ClusterRedisAutoConfiguration;
import com.nocobase.cluster.autoconfigure.QueueAutoConfiguration;

/**
 * The event queue on Redis.
 */
public final class ClusterRedisQueueContestant implements QueueContestant {

	private ClusterQueue queue;

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
		this.queue = new ClusterQueue(Application.class, Map.of("nocobase.cluster.queue.adapter", "redis",
				"spring.data.redis.host", Env.HOST, "spring.data.redis.port", Env.REDIS));
	}

	@Override
	public void open(String name, int consumers, Consumer<byte[]> handler) {
		this.queue.open(name, consumers, handler);
	}

	@Override
	public void publish(byte[] body) throws InterruptedException {
		this.queue.publish(body);
	}

	@Override
	public void flush() throws InterruptedException {
		this.queue.flush();
	}

	@Override
	public void close() {
		this.queue.close();
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ DataRedisAutoConfiguration.class, ClusterAutoConfiguration.class,
			ClusterRedisAutoConfiguration.class, QueueAutoConfiguration.class })
	static class Application {

	}

}
