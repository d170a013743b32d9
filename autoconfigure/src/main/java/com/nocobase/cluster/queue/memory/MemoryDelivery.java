package com.nocobase.cluster.queue.memory;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import com.nocobase.cluster.queue.Delivery;
import com.nocobase.cluster.queue.TaskState;

/**
 * A task in the hands of a consumer, as it was when it was taken.
 */
final class MemoryDelivery implements Delivery {

	private static final CompletionStage<Boolean> OWNED = CompletableFuture.completedStage(true);

	private static final CompletionStage<Boolean> LOST = CompletableFuture.completedStage(false);

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
	public CompletionStage<Boolean> complete() {
		return settled(this.channel.finish(this, TaskState.SUCCEEDED));
	}

	@Override
	public CompletionStage<Boolean> cancel() {
		return settled(this.channel.finish(this, TaskState.CANCELED));
	}

	@Override
	public CompletionStage<Boolean> retry(Duration delay, String error) {
		return settled(this.channel.retry(this, delay, error));
	}

	@Override
	public CompletionStage<Boolean> deadLetter(int attempts, String error) {
		return settled(this.channel.deadLetter(this, attempts, error));
	}

	@Override
	public CompletionStage<Boolean> giveBack(Duration delay) {
		return settled(this.channel.giveBack(this, delay));
	}

	private static CompletionStage<Boolean> settled(boolean owned) {
		return owned ? OWNED : LOST;
	}

}
