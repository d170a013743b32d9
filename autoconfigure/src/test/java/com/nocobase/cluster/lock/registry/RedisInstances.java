package com.nocobase.cluster.lock.registry;

import java.util.function.Consumer;

import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;

import com.nocobase.cluster.autoconfigure.ClusterAutoConfiguration;
import com.nocobase.cluster.autoconfigure.LockAutoConfiguration;
import com.nocobase.cluster.redis.TcpProxy;
import com.nocobase.cluster.redis.TestRedis;

/**
 * Contexts on one server, each with a network of its own.
 */
final class RedisInstances {

	private RedisInstances() {
	}

	static ConfigurableApplicationContext start(String... properties) {
		TestRedis redis = TestRedis.shared();
		TcpProxy proxy = TcpProxy.to(redis.host(), redis.port());
		return start((context) -> {
			TestPropertyValues.of(redis.properties()).and(proxy.properties()).and(properties).applyTo(context);
			context.registerBean(TcpProxy.class, () -> proxy);
		});
	}

	static ConfigurableApplicationContext start(Consumer<AnnotationConfigApplicationContext> customizer) {
		AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
		TestPropertyValues.of("nocobase.cluster.lock.adapter=redis", "spring.data.redis.timeout=2s").applyTo(context);
		customizer.accept(context);
		context.register(DataRedisAutoConfiguration.class, ClusterAutoConfiguration.class, LockAutoConfiguration.class);
		context.refresh();
		return Warm.up(context);
	}

	static void crash(ConfigurableApplicationContext context) {
		context.getBean(TcpProxy.class).cut();
	}

}
