package com.nocobase.cluster.pubsub.redis;

import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

import org.springframework.boot.test.util.TestPropertyValues;

import com.nocobase.cluster.redis.TcpProxy;
import com.nocobase.cluster.redis.TestRedis;
import com.nocobase.cluster.support.TestCluster;

/**
 * Instances of an application with a fresh name whose pub/sub is on Redis.
 */
final class RedisInstances {

	private RedisInstances() {
	}

	/**
	 * Returns instances that reach a server directly.
	 * @param server settings of the server
	 * @return a cluster whose instances cannot crash
	 */
	static TestCluster on(String[] server) {
		return new TestCluster((context) -> TestPropertyValues.of(server).applyTo(context), (instance) -> {
			throw new UnsupportedOperationException();
		}, properties());
	}

	/**
	 * Returns instances with a network of their own to the shared server; one crashes by
	 * being cut off for ever.
	 * @return a cluster
	 */
	static TestCluster cutOffWhenCrashed() {
		TestRedis redis = TestRedis.shared();
		Map<String, TcpProxy> networks = new ConcurrentHashMap<>();
		return new TestCluster((context) -> {
			String id = UUID.randomUUID().toString();
			TcpProxy network = TcpProxy.to(redis.host(), redis.port());
			networks.put(id, network);
			TestPropertyValues.of(redis.properties())
				.and(network.properties())
				.and("nocobase.cluster.instance-id=" + id)
				.applyTo(context);
		}, (instance) -> Objects.requireNonNull(networks.get(instance.id())).cut(), properties());
	}

	private static String[] properties() {
		return new String[] { "nocobase.cluster.name=" + UUID.randomUUID(), "nocobase.cluster.pubsub.adapter=redis",
				"nocobase.cluster.worker-id.allocator=local" };
	}

}
