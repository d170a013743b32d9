package com.nocobase.cluster.sync.memory;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import com.nocobase.cluster.memory.MemoryPart;
import com.nocobase.cluster.message.Instance;

/**
 * One log per application.
 */
final class MemoryLogs implements MemoryPart {

	private final Map<String, MemoryLog> logs = new ConcurrentHashMap<>();

	MemoryLog of(String app) {
		return this.logs.computeIfAbsent(app, (name) -> new MemoryLog());
	}

	@Override
	public void crashed(Instance instance) {
		of(instance.app()).crashed(instance.id());
	}

}
