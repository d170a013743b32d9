package com.nocobase.cluster.lock.registry;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Fallback;
import org.springframework.core.env.Environment;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.integration.redis.util.RedisLockRegistry;
import org.springframework.integration.support.locks.LockRegistry;
import org.springframework.util.StringUtils;

import com.nocobase.cluster.lock.LockProperties;
import com.nocobase.cluster.message.Instance;
import com.nocobase.cluster.redis.RedisServers;
import com.nocobase.cluster.support.ClusterRuntime;

/**
 * Locks of Spring Integration's lock registries.
 * <ul>
 * <li>{@code redis} keeps them as a {@link RedisLockRegistry} does, under the registry
 * key of {@code nocobase.cluster.lock.registry-key}. Whoever uses the same registry key,
 * in this application or another, shares the locks. Such a registry is also a bean; the
 * application's own lock registries come before it wherever one is injected.</li>
 * <li>The name of any other {@link LockRegistry} bean uses that one. The keys of its
 * locks begin with the application's name and a colon. If it knows no time to live, this
 * process alone ends a lock whose time is over, and a lock that it did not get to give
 * back lasts as long as that registry says.</li>
 * </ul>
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(LockRegistry.class)
public final class RegistryLockConfiguration {

	@Bean
	static NamedLockRegistry nocobaseNamedLockRegistry(Environment environment) {
		return new NamedLockRegistry(environment);
	}

	/** Locks in Redis. */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ RedisLockRegistry.class, RedisConnectionFactory.class })
	@ConditionalOnProperty(name = "nocobase.cluster.lock.adapter", havingValue = "redis")
	static class RedisConfiguration {

		@Bean
		@ConditionalOnMissingBean(name = "redisLockAdapter")
		RegistryLocks redisLockAdapter(BeanFactory beans, ObjectProvider<RedisConnectionFactory> connections,
				ObjectProvider<RedisServers> servers, LockProperties properties, Instance instance,
				ClusterRuntime runtime) {
			StripedRegistries.warn(RedisLockRegistry.class);
			servers.ifAvailable(
					(each) -> each.server("nocobase.cluster.lock.connection-factory", properties.connectionFactory())
						.mustNotEvict("locks"));
			RedisRegistries registries = new RedisRegistries(connections(beans, connections, properties),
					registryKey(properties, instance), runtime.executor());
			return new RegistryLocks(new RedisHolds(registries, new RedisCleaner(runtime.executor())), runtime);
		}

		@Bean
		@Fallback
		@ConditionalOnMissingBean
		RedisLockRegistry redisLockRegistry(BeanFactory beans, ObjectProvider<RedisConnectionFactory> connections,
				LockProperties properties, Instance instance, ClusterRuntime runtime) {
			RedisLockRegistry registry = new RedisLockRegistry(connections(beans, connections, properties),
					registryKey(properties, instance), properties.ttl());
			registry.setExecutor(runtime.executor());
			return registry;
		}

		private static RedisConnectionFactory connections(BeanFactory beans,
				ObjectProvider<RedisConnectionFactory> connections, LockProperties properties) {
			String named = properties.connectionFactory();
			return StringUtils.hasText(named) ? beans.getBean(named, RedisConnectionFactory.class)
					: connections.getObject();
		}

		private static String registryKey(LockProperties properties, Instance instance) {
			@Nullable String registryKey = properties.registryKey();
			return StringUtils.hasText(registryKey) ? registryKey : instance.app() + ":lock";
		}

	}

}
