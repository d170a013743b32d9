package com.nocobase.cluster.lock.lease;

import java.util.function.Consumer;

import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import com.nocobase.cluster.autoconfigure.ClusterAutoConfiguration;
import com.nocobase.cluster.autoconfigure.ClusterRedisAutoConfiguration;
import com.nocobase.cluster.autoconfigure.LockAutoConfiguration;
import com.nocobase.cluster.redis.RedisCluster;
import com.nocobase.cluster.redis.TcpProxy;
import com.nocobase.cluster.redis.TestRedis;
import com.nocobase.cluster.support.SignalCounts;

/**
 * Contexts with leases on one server.
 */
final class LeaseInstances {

	private LeaseInstances() {
	}

	/**
	 * Starts an instance on the shared server, with a network of its own.
	 * @param properties further settings
	 * @return the instance, which has its {@link TcpProxy} as a bean
	 */
	static ConfigurableApplicationContext standalone(String... properties) {
		TestRedis redis = TestRedis.shared();
		return behind(TcpProxy.to(redis.host(), redis.port()), (context) -> {
		}, properties);
	}

	static ConfigurableApplicationContext behind(TcpProxy proxy, Consumer<AnnotationConfigApplicationContext> beans,
			String... properties) {
		return start((context) -> {
			TestPropertyValues.of(proxy.properties()).and(properties).applyTo(context);
			context.registerBean(TcpProxy.class, () -> proxy);
			beans.accept(context);
		});
	}

	static ConfigurableApplicationContext cluster(String... properties) {
		return start((
				context) -> TestPropertyValues.of(RedisCluster.shared().properties()).and(properties).applyTo(context));
	}

	static ConfigurableApplicationContext start(Consumer<AnnotationConfigApplicationContext> customizer) {
		AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
		TestPropertyValues.of("nocobase.cluster.lock.adapter=redis-lease").applyTo(context);
		context.registerBean(SignalCounts.class);
		customizer.accept(context);
		context.register(DataRedisAutoConfiguration.class, ClusterAutoConfiguration.class,
				ClusterRedisAutoConfiguration.class, LockAutoConfiguration.class);
		context.refresh();
		return context;
	}

	/**
	 * Cuts an instance off for ever, as if its process had been killed.
	 * @param context the instance
	 */
	static void crash(ConfigurableApplicationContext context) {
		context.getBeanProvider(TcpProxy.class).ifAvailable(TcpProxy::cut);
		if (context.getBeanProvider(TcpProxy.class).getIfAvailable() == null) {
			context.getBean(LettuceConnectionFactory.class).destroy();
		}
	}

}
