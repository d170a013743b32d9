package com.nocobase.cluster.queue.memory;

import java.util.function.Consumer;

import com.nocobase.cluster.queue.Delivery;
import com.nocobase.cluster.queue.QueueConsumer;

/**
 * A consumer of a channel.
 */
final class MemoryConsumer implements QueueConsumer {

	final MemoryConnection connection;

	final Consumer<Delivery> sink;

	/**
	 * How many tasks it has asked for and not got; guarded by the lock of the channel.
	 */
	int requested;

	private final MemoryChannel channel;

	MemoryConsumer(MemoryChannel channel, MemoryConnection connection, Consumer<Delivery> sink) {
		this.channel = channel;
		this.connection = connection;
		this.sink = sink;
	}

	@Override
	public void request(int tasks) {
		this.channel.request(this, tasks);
	}

	@Override
	public int withdraw(int tasks) {
		return this.channel.withdraw(this, tasks);
	}

	@Override
	public void concurrency(int tasks) {
		// Nothing is prefetched.
	}

	@Override
	public void close() {
		this.channel.remove(this);
	}

}
