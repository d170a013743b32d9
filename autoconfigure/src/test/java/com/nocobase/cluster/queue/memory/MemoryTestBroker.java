package com.nocobase.cluster.queue.memory;

import java.nio.file.Path;
import java.util.Map;

import org.springframework.context.support.GenericApplicationContext;

import com.nocobase.cluster.memory.MemoryBroker;
import com.nocobase.cluster.message.Instance;
import com.nocobase.cluster.queue.QueueTestBroker;

/**
 * A broker in memory.
 */
final class MemoryTestBroker implements QueueTestBroker {

	private final MemoryBroker broker = new MemoryBroker();

	private final Path directory;

	MemoryTestBroker(Path directory) {
		this.directory = directory;
	}

	@Override
	public void connect(GenericApplicationContext context, Map<String, Object> properties) {
		context.registerBean(MemoryBroker.class, () -> this.broker);
		properties.put("nocobase.cluster.queue.memory.directory", this.directory);
	}

	@Override
	public void crash(Instance instance) {
		this.broker.crash(instance);
	}

}
