package com.nocobase.cluster.bench;

import java.util.Map;
import java.util.function.Consumer;

import bench.Env;
import bench.QueueContestant;
import org.springframework.boot.amqp.autoconfigure.RabbitAutoConfiguration;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.context.annotation.Configuration;

import com.nocobase.cluster.autoconfigure.ClusterAutoConfiguration;
import com.nocobase.cluster.autoconfigure.ClusterRabbitAutoConfiguration;
import com.nocobase.cluster.autoconfigure.QueueAutoConfiguration;

/**
 * The event queue on RabbitMQ.
 */
public final class ClusterRabbitQueueContestant implements QueueContestant {

	private ClusterQueue queue;

	@Override
	public String name() {
		return "nocobase-cluster rabbitmq";
	}

	@Override
	public String limit() {
		return "amqp-client quorum (limit)";
	}

	@Override
	public void start() {
		this.queue = new ClusterQueue(Application.class, Map.of("nocobase.cluster.queue.adapter", "rabbitmq",
				"spring.rabbitmq.host", Env.HOST, "spring.rabbitmq.port", Env.RABBIT));
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
	@ImportAutoConfiguration({ RabbitAutoConfiguration.class, ClusterAutoConfiguration.class,
			ClusterRabbitAutoConfiguration.class, QueueAutoConfiguration.class })
	static class Application {

	}

}
