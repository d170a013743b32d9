package com.nocobase.cluster.redis;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import com.nocobase.cluster.message.Instance;
import com.nocobase.cluster.support.ClusterConfigurationException;
import com.nocobase.cluster.support.ClusterRuntime;
import com.nocobase.cluster.support.Signals;

/**
 * The servers that the capabilities of this instance use, one for each connection factory
 * that they name.
 */
public final class RedisServers {

	private final ListableBeanFactory beans;

	private final RedisProperties properties;

	private final Instance instance;

	private final ClusterRuntime runtime;

	private final Signals signals;

	/** Guarded by this. */
	private final Map<RedisConnectionFactory, RedisServer> servers = new LinkedHashMap<>();

	RedisServers(ListableBeanFactory beans, RedisProperties properties, Instance instance, ClusterRuntime runtime,
			Signals signals) {
		this.beans = beans;
		this.properties = properties;
		this.instance = instance;
		this.runtime = runtime;
		this.signals = signals;
	}

	/**
	 * Returns the server of a connection factory. Called while beans are created, so that
	 * the server is started before whoever uses it.
	 * @param property the property that names the factory, for the error message
	 * @param factory name of the bean, or {@code null} for the application's own one
	 * @return the server, the same for each who names that factory
	 * @throws ClusterConfigurationException if there is no such factory, or it is none of
	 * Lettuce
	 */
	public RedisServer server(String property, @Nullable String factory) {
		Map<String, RedisConnectionFactory> candidates = BeanFactoryUtils.beansOfTypeIncludingAncestors(this.beans,
				RedisConnectionFactory.class);
		RedisConnectionFactory found = (factory != null) ? candidates.get(factory)
				: this.beans.getBeanProvider(RedisConnectionFactory.class).getIfUnique();
		if (found == null) {
			throw new ClusterConfigurationException(
					(factory != null)
							? "%s is '%s', but there is no such RedisConnectionFactory".formatted(property, factory)
							: "There is not one RedisConnectionFactory to use, but " + candidates.keySet(),
					"Set %s to the name of a RedisConnectionFactory bean, or define one.".formatted(property));
		}
		if (!(found instanceof LettuceConnectionFactory lettuce)) {
			throw new ClusterConfigurationException("The RedisConnectionFactory is a " + found.getClass().getName(),
					"Use Lettuce, Boot's default (spring.data.redis.client-type), or set %s to the name of a "
						.formatted(property) + "LettuceConnectionFactory bean.");
		}
		String name = candidates.entrySet()
			.stream()
			.filter((each) -> each.getValue() == found)
			.map(Map.Entry::getKey)
			.findFirst()
			.orElse("redisConnectionFactory");
		synchronized (this) {
			return this.servers.computeIfAbsent(found, (key) -> new RedisServer(name, lettuce, this.properties,
					this.instance, this.runtime, this.signals));
		}
	}

	void start() {
		List<RedisServer> started = new ArrayList<>();
		try {
			for (RedisServer server : all()) {
				server.start();
				started.add(server);
			}
		}
		catch (RuntimeException ex) {
			started.forEach(RedisServer::stop);
			throw ex;
		}
	}

	void stop() {
		List<RedisServer> all = all();
		Collections.reverse(all);
		all.forEach(RedisServer::stop);
	}

	private synchronized List<RedisServer> all() {
		return new ArrayList<>(this.servers.values());
	}

}
