package com.nocobase.cluster.bench;

import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

import bench.Env;
import bench.PubSubContestant;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.MapPropertySource;

import com.nocobase.cluster.autoconfigure.ClusterAutoConfiguration;
import com.nocobase.cluster.autoconfigure.ClusterRedisAutoConfiguration;
import com.nocobase.cluster.autoconfigure.PubSubAutoConfiguration;
import com.nocobase.cluster.pubsub.PubSubManager;

/**
 * Pub/sub on Redis as an application has it: a context with our auto-configuration.
 */
public final class ClusterPubSubContestant implements PubSubContestant {

	private final AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();

	private PubSubManager manager;

	@Override
	public String name() {
		return "nocobase-cluster";
	}

	@Override
	public void start() {
		Map<String, Object> properties = Map.of("nocobase.cluster.name", "bench", "nocobase.cluster.pubsub.adapter",
				"redis", "nocobase.cluster.worker-id.allocator", "local", "spring.data.redis.host", Env.HOST,
				"spring.data.redis.port", Env.REDIS);
		this.context.getEnvironment().getPropertySources().addFirst(new MapPropertySource("bench", properties));
		this.context.register(Application.class);
		this.context.refresh();
		this.manager = this.context.getBean(PubSubManager.class);
	}

	@Override
	public void publish(String channel, String message) {
		this.manager.publish(channel, message);
	}

	@Override
	public CompletionStage<?> publishAsync(String channel, String message) {
		return this.manager.publishAsync(channel, message).outcome();
	}

	@Override
	public boolean hasAsync() {
		return true;
	}

	@Override
	public void subscribe(String channel, Consumer<String> handler) {
		this.manager.subscribe(channel, String.class, handler::accept);
	}

	@Override
	public void close() {
		this.context.close();
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ DataRedisAutoConfiguration.class, ClusterAutoConfiguration.class,
			ClusterRedisAutoConfiguration.class, PubSubAutoConfiguration.class })
	static class Application {

	}

}
