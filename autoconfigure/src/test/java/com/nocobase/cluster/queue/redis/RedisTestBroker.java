package com.nocobase.cluster.queue.redis;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.context.support.GenericApplicationContext;

import com.nocobase.cluster.autoconfigure.ClusterRedisAutoConfiguration;
import com.nocobase.cluster.message.Instance;
import com.nocobase.cluster.queue.QueueTestBroker;
import com.nocobase.cluster.redis.OwnNetwork;

/**
 * A queue on a Redis that each instance reaches through a network of its own.
 */
final class RedisTestBroker implements QueueTestBroker {

	private final String[] server;

	private final Map<GenericApplicationContext, OwnNetwork> networks = new ConcurrentHashMap<>();

	RedisTestBroker(String... server) {
		this.server = server;
	}

	@Override
	public void connect(GenericApplicationContext context, Map<String, Object> properties) {
		for (String setting : this.server) {
			int equals = setting.indexOf('=');
			properties.put(setting.substring(0, equals), setting.substring(equals + 1));
		}
		properties.put("nocobase.cluster.queue.adapter", "redis");
		properties.put("nocobase.cluster.queue.ownership", "1s");
		OwnNetwork network = new OwnNetwork();
		this.networks.put(context, network);
		context.registerBean(OwnNetwork.class, () -> network);
	}

	@Override
	public List<Class<?>> configurations() {
		return List.of(DataRedisAutoConfiguration.class, ClusterRedisAutoConfiguration.class);
	}

	@Override
	public void crash(Instance instance) {
		this.networks.entrySet()
			.stream()
			.filter((each) -> each.getKey().isActive() && each.getKey().getBean(Instance.class).equals(instance))
			.forEach((each) -> each.getValue().cut());
	}

}
