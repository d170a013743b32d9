package com.nocobase.cluster.rabbit;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

import com.nocobase.cluster.support.Nanos;

/**
 * Which queues were declared since the connection was opened, and until when that counts.
 */
final class DeclaredQueues {

	private final LongSupplier ticker;

	private final Map<String, Long> until = new ConcurrentHashMap<>();

	private final Set<String> ready = ConcurrentHashMap.newKeySet();

	private final Set<String> ever = ConcurrentHashMap.newKeySet();

	DeclaredQueues(LongSupplier ticker) {
		this.ticker = ticker;
	}

	/**
	 * Returns whether the queue was there once, on this connection.
	 * @param queue the queue
	 * @return whether it was declared
	 */
	boolean isKnown(String queue) {
		return this.until.containsKey(queue);
	}

	boolean contains(String queue) {
		Long end = this.until.get(queue);
		return end != null && end - this.ticker.getAsLong() > 0;
	}

	void add(String queue, Duration validFor) {
		this.ever.add(queue);
		this.until.put(queue, this.ticker.getAsLong() + Nanos.of(validFor));
	}

	/**
	 * Returns whether a queue has had a leader since the connection was opened.
	 * @param queue the queue
	 * @return whether it took a message
	 */
	boolean isReady(String queue) {
		return this.ready.contains(queue);
	}

	void ready(String queue) {
		this.ready.add(queue);
	}

	void remove(String queue) {
		this.until.remove(queue);
		this.ready.remove(queue);
	}

	void clear() {
		this.until.clear();
		this.ready.clear();
	}

	/**
	 * Returns all names, for tests that clean up.
	 * @return the queues that were ever declared
	 */
	Set<String> ever() {
		return Set.copyOf(this.ever);
	}

}
