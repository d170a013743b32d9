package com.nocobase.cluster.queue;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;

import org.springframework.context.support.GenericApplicationContext;

/**
 * The instances of one test at one broker, closed when it is.
 */
public final class QueueCluster implements AutoCloseable {

	private final String app = "app-" + UUID.randomUUID();

	private final Deque<QueueNode> nodes = new ArrayDeque<>();

	private final QueueTestBroker broker;

	public QueueCluster(QueueTestBroker broker) {
		this.broker = broker;
	}

	public QueueNode node() {
		return node(Map.of());
	}

	public QueueNode node(Map<String, Object> settings) {
		return node(settings, (context) -> {
		});
	}

	public QueueNode node(Map<String, Object> settings, Consumer<GenericApplicationContext> beans) {
		return node(this.app, settings, beans);
	}

	public QueueNode nodeOf(String otherApp, String... settings) {
		Map<String, Object> properties = new HashMap<>();
		for (String setting : settings) {
			int equals = setting.indexOf('=');
			properties.put(setting.substring(0, equals), setting.substring(equals + 1));
		}
		return node(otherApp, properties, (context) -> {
		});
	}

	public List<QueueNode> nodes(int count) {
		List<QueueNode> started = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			started.add(node());
		}
		return started;
	}

	public void crash(QueueNode node) {
		this.broker.crash(node.instance());
	}

	private QueueNode node(String name, Map<String, Object> settings, Consumer<GenericApplicationContext> beans) {
		QueueNode node = new QueueNode(this.broker, name, settings, beans);
		this.nodes.push(node);
		return node;
	}

	@Override
	public void close() {
		this.nodes.forEach(QueueNode::close);
	}

}
