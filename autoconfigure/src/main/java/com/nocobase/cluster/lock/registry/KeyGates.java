package com.nocobase.cluster.lock.registry;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import com.nocobase.cluster.support.ClusterRuntime;

/**
 * Lets the threads of this process ask for a key one after the other, in the order in
 * which they came, and not at all while one of them has it. A key that nobody has or asks
 * for is forgotten.
 */
final class KeyGates {

	private final ClusterRuntime runtime;

	private final Map<String, KeyGate> gates = new ConcurrentHashMap<>();

	KeyGates(ClusterRuntime runtime) {
		this.runtime = runtime;
	}

	/**
	 * Asks whether it is a thread's turn. Whoever has asked also leaves or is granted.
	 * @param key the key
	 * @param waiter the thread
	 * @return how long there is nothing to do, in nanoseconds; not positive if it may ask
	 * the registry
	 */
	long ask(String key, KeyWaiter waiter) {
		long[] busyFor = new long[1];
		this.gates.compute(key, (same, known) -> {
			KeyGate gate = (known != null) ? known : new KeyGate();
			busyFor[0] = gate.ask(waiter, this.runtime.nanoTime());
			return gate.isUnused() ? null : gate;
		});
		return busyFor[0];
	}

	@Nullable HeldKey held(String key) {
		HeldKey[] held = new HeldKey[1];
		change(key, (gate) -> held[0] = gate.held());
		return held[0];
	}

	void granted(HeldKey held, KeyWaiter waiter) {
		change(held.key(), (gate) -> gate.granted(waiter, held));
	}

	void leave(String key, KeyWaiter waiter) {
		change(key, (gate) -> gate.leave(waiter));
	}

	void freed(HeldKey held) {
		change(held.key(), (gate) -> gate.freed(held));
	}

	int size() {
		return this.gates.size();
	}

	private void change(String key, Consumer<KeyGate> change) {
		this.gates.computeIfPresent(key, (same, gate) -> {
			change.accept(gate);
			return gate.isUnused() ? null : gate;
		});
	}

}
