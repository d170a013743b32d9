package com.nocobase.cluster.redis;

import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

import org.springframework.context.support.GenericApplicationContext;

import com.nocobase.cluster.message.Instance;
import com.nocobase.cluster.support.TestCluster;

/**
 * Clusters of contexts that meet on a Redis, each connected through a network of its own.
 */
public final class RedisTestCluster {

	private RedisTestCluster() {
	}

	/**
	 * Opens a cluster with a fresh application name.
	 * @param server settings of the server
	 * @param properties settings of all instances
	 * @return the cluster
	 */
	public static TestCluster on(String[] server, String... properties) {
		List<GenericApplicationContext> contexts = new CopyOnWriteArrayList<>();
		Stream<String> common = Stream.of("nocobase.cluster.name=test-" + UUID.randomUUID(),
				"nocobase.cluster.redis.timeout=10s");
		return new TestCluster((context) -> {
			contexts.add(context);
			context.registerBean(OwnNetwork.class);
		}, (instance) -> network(contexts, instance).cut(),
				Stream.of(Stream.of(server), common, Stream.of(properties))
					.flatMap((each) -> each)
					.toArray(String[]::new));
	}

	private static OwnNetwork network(List<GenericApplicationContext> contexts, Instance instance) {
		return contexts.stream()
			.filter((context) -> context.isActive() && context.getBean(Instance.class).equals(instance))
			.findFirst()
			.orElseThrow()
			.getBean(OwnNetwork.class);
	}

}
