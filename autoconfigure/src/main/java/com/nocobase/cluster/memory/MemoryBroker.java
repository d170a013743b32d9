package com.nocobase.cluster.memory;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

import com.nocobase.cluster.message.Instance;

/**
 * Connects application contexts of one JVM, as a Redis connects processes. Each context
 * has a broker of its own unless the application defines this bean; contexts that are
 * given the same object are instances of one cluster. So a test has a cluster without a
 * server:
 *
 * <pre class="code">
 * MemoryBroker broker = new MemoryBroker();
 * runner.withBean(MemoryBroker.class, () -&gt; broker).run((first) -&gt;
 *     runner.withBean(MemoryBroker.class, () -&gt; broker).run((second) -&gt; …));
 * </pre>
 *
 * Safe from any thread.
 */
public final class MemoryBroker {

	private final Map<Class<?>, MemoryPart> parts = new ConcurrentHashMap<>();

	/**
	 * Returns the part of an adapter, the same one for every context.
	 * @param <T> the type of the part
	 * @param type the type of the part
	 * @param factory creates it at the first call
	 * @return the part
	 */
	public <T extends MemoryPart> T part(Class<T> type, Supplier<? extends T> factory) {
		return type.cast(this.parts.computeIfAbsent(type, (key) -> factory.get()));
	}

	/**
	 * Treats an instance as if its process had been killed, for tests: its tasks are
	 * given back, its leases run out, and it leaves the members without goodbye. The
	 * context itself goes on like a process that was paused for too long: what it does
	 * later is refused.
	 * @param instance the instance
	 */
	public void crash(Instance instance) {
		this.parts.values().forEach((part) -> part.crashed(instance));
	}

}
