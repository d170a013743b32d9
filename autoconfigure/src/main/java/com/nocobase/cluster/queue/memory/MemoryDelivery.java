package com.nocobase.cluster.queue.memory;

import java.time.Duration;

import com.nocobase.cluster.queue.Delivery;
import com.nocobase.cluster.queue.TaskState;

/**
 * A task in the hands of a consumer, as it was when it was taken.
 */
final class MemoryDelivery implements Delivery {

	final MemoryTask task;

	final MemoryConsumer consumer;

	final long token;

	private final MemoryChannel channel;

	private final byte[] frame;

	private final int failures;

	private final int deaths;

	MemoryDelivery(MemoryChannel channel, MemoryTask task, MemoryConsumer consumer) {
		this.channel = channel;
		this.task = task;
		this.consumer = consumer;
		this.token = task.token;
		this.frame = task.frame;
		this.failures = task.failures;
		this.deaths = task.deaths;
	}

	@Override
	public String id() {
		return this.task.id;
	}

	@Override
	public byte[] frame() {
		return this.frame;
	}

	@Override
	public int failures() {
		return this.failures;
	}

	@Override
	public int deaths() {
		return this.deaths;
	}

	@Override
	public void progress(long done, long total) {
		this.channel.progress(this, done, total);
	}

	@Override
	public boolean complete() {
		return this.channel.finish(this, TaskState.SUCCEEDED);
	}

	@Override
	public boolean cancel() {
		return this.channel.finish(this, TaskState.CANCELED);
	}

	@Override
	public boolean retry(Duration delay, String error) {
		return this.channel.retry(this, delay, error);
	}

	@Override
	public boolean deadLetter(int attempts, String error) {
		return this.channel.deadLetter(this, attempts, error);
	}

	@Override
	public boolean giveBack(Duration delay) {
		return this.channel.giveBack(this, delay);
	}

}
