package com.nocobase.cluster.pubsub.rabbit;

import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

import org.springframework.boot.test.util.TestPropertyValues;

import com.nocobase.cluster.rabbit.RabbitCluster;
import com.nocobase.cluster.rabbit.RabbitNetwork;
import com.nocobase.cluster.support.TestCluster;

/**
 * Instances of an application with a fresh name whose pub/sub is on RabbitMQ. Each has a
 * network of its own; one crashes by being cut off for ever.
 */
final class RabbitInstances {

	private final Map<String, RabbitNetwork> networks = new ConcurrentHashMap<>();

	private final Supplier<RabbitNetwork> opener;

	private final String app = UUID.randomUUID().toString();

	RabbitInstances(Supplier<RabbitNetwork> opener) {
		this.opener = opener;
	}

	static TestCluster onOneNode() {
		return new RabbitInstances(RabbitNetwork::toShared).cluster();
	}

	static TestCluster onThreeNodes() {
		return new RabbitInstances(() -> RabbitNetwork.to(RabbitCluster.shared().nodes())).cluster();
	}

	TestCluster cluster() {
		return new TestCluster((context) -> {
			String id = UUID.randomUUID().toString();
			RabbitNetwork network = this.opener.get();
			this.networks.put(id, network);
			TestPropertyValues
				.of("spring.rabbitmq.addresses=" + network.addresses(), "spring.rabbitmq.address-shuffle-mode=random",
						"nocobase.cluster.instance-id=" + id)
				.applyTo(context);
		}, (instance) -> network(instance.id()).cutOff(), "nocobase.cluster.name=" + this.app,
				"nocobase.cluster.pubsub.adapter=rabbitmq", "nocobase.cluster.worker-id.allocator=local");
	}

	RabbitNetwork network(String instance) {
		return Objects.requireNonNull(this.networks.get(instance));
	}

}
