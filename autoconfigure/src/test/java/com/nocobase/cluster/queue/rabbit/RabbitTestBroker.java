package com.nocobase.cluster.queue.rabbit;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

import org.springframework.boot.amqp.autoconfigure.RabbitAutoConfiguration;
import org.springframework.context.support.GenericApplicationContext;

import com.nocobase.cluster.autoconfigure.ClusterRabbitAutoConfiguration;
import com.nocobase.cluster.message.Instance;
import com.nocobase.cluster.queue.QueueTestBroker;
import com.nocobase.cluster.rabbit.RabbitCluster;
import com.nocobase.cluster.rabbit.RabbitNetwork;

/**
 * A RabbitMQ to which each instance has a network of its own; one crashes by being cut
 * off for ever.
 */
final class RabbitTestBroker implements QueueTestBroker {

	private final Supplier<RabbitNetwork> networks;

	private final Map<String, Connected> connected = new ConcurrentHashMap<>();

	RabbitTestBroker(Supplier<RabbitNetwork> networks) {
		this.networks = networks;
	}

	static RabbitTestBroker onOneNode() {
		return new RabbitTestBroker(RabbitNetwork::toShared);
	}

	static RabbitTestBroker onThreeNodes() {
		return new RabbitTestBroker(() -> RabbitNetwork.to(RabbitCluster.shared().nodes()));
	}

	@Override
	public void connect(GenericApplicationContext context, Map<String, Object> properties) {
		String id = UUID.randomUUID().toString();
		RabbitNetwork network = this.networks.get();
		RabbitNetwork.watch(context);
		this.connected.put(id, new Connected(context, network));
		properties.put("nocobase.cluster.instance-id", id);
		properties.put("nocobase.cluster.queue.adapter", "rabbitmq");
		properties.put("nocobase.cluster.worker-id.allocator", "local");
		properties.put("spring.rabbitmq.addresses", network.addresses());
		properties.put("spring.rabbitmq.address-shuffle-mode", "random");
	}

	@Override
	public List<Class<?>> configurations() {
		return List.of(RabbitAutoConfiguration.class, ClusterRabbitAutoConfiguration.class);
	}

	RabbitNetwork network(Instance instance) {
		return Objects.requireNonNull(this.connected.get(instance.id())).network();
	}

	@Override
	public void crash(Instance instance) {
		Connected crashing = Objects.requireNonNull(this.connected.get(instance.id()));
		String queue = crashing.context().getBean(RabbitQueueAdapter.class).controlQueue();
		crashing.network().cutOff(Objects.requireNonNull(queue));
	}

	private record Connected(GenericApplicationContext context, RabbitNetwork network) {

	}

}
