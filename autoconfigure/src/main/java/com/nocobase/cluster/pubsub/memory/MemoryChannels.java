package com.nocobase.cluster.pubsub.memory;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

import com.nocobase.cluster.memory.MemoryPart;
import com.nocobase.cluster.message.Instance;

/**
 * All channels with those who listen, and the connections that there are.
 */
final class MemoryChannels implements MemoryPart {

	private final Map<String, List<MemoryPubSubConnection>> listeners = new ConcurrentHashMap<>();

	private final Set<MemoryPubSubConnection> connections = ConcurrentHashMap.newKeySet();

	void connect(MemoryPubSubConnection connection) {
		this.connections.add(connection);
	}

	void disconnect(MemoryPubSubConnection connection) {
		this.connections.remove(connection);
		this.listeners.keySet().forEach((channel) -> unsubscribe(channel, connection));
	}

	void subscribe(String channel, MemoryPubSubConnection connection) {
		this.listeners.compute(channel, (name, present) -> {
			List<MemoryPubSubConnection> all = (present != null) ? present : new CopyOnWriteArrayList<>();
			all.add(connection);
			return all;
		});
	}

	void unsubscribe(String channel, MemoryPubSubConnection connection) {
		this.listeners.computeIfPresent(channel, (name, present) -> {
			present.remove(connection);
			return present.isEmpty() ? null : present;
		});
	}

	void publish(String channel, byte[] message) {
		this.listeners.getOrDefault(channel, List.of()).forEach((connection) -> connection.receive(channel, message));
	}

	@Override
	public void crashed(Instance instance) {
		this.connections.stream()
			.filter((connection) -> connection.isOf(instance))
			.forEach(MemoryPubSubConnection::close);
	}

}
