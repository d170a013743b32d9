package com.nocobase.cluster.queue.rabbit;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;

import com.nocobase.cluster.queue.Delivery;
import com.nocobase.cluster.queue.QueueException;

/**
 * A task on the channel that delivered it. To give it back, to retry it and to give it up
 * are a copy that the broker has confirmed, and then the acknowledgement; between the two
 * a crash doubles the task and never loses it.
 */
final class RabbitDelivery implements Delivery {

	private final ConsumerSession session;

	private final long tag;

	private final String channel;

	private final TaskRecord record;

	private final byte[] frame;

	private final TaskSender sender;

	private final long arrived;

	private final AtomicBoolean settled = new AtomicBoolean();

	RabbitDelivery(ConsumerSession session, long tag, String channel, TaskRecord record, byte[] frame,
			TaskSender sender, long arrived) {
		this.session = session;
		this.tag = tag;
		this.channel = channel;
		this.record = record;
		this.frame = frame;
		this.sender = sender;
		this.arrived = arrived;
	}

	ConsumerSession session() {
		return this.session;
	}

	/**
	 * Returns when it came.
	 * @return monotonic nanoseconds
	 */
	long arrived() {
		return this.arrived;
	}

	boolean isEarly() {
		return !this.record.rest().isZero();
	}

	/**
	 * Lets a task wait on that came before its time.
	 * @throws QueueException if the broker cannot be told
	 */
	void waitOn() {
		giveBack(this.record.rest());
	}

	@Override
	public String id() {
		return this.record.id();
	}

	@Override
	public byte[] frame() {
		return this.frame;
	}

	@Override
	public int failures() {
		return this.record.failures();
	}

	@Override
	public int deaths() {
		return this.record.deaths();
	}

	@Override
	public void progress(long done, long total) {
		// RabbitMQ has no place for it.
	}

	@Override
	public CompletionStage<Boolean> complete() {
		return CompletableFuture
			.completedStage(this.settled.compareAndSet(false, true) && this.session.acknowledge(this.tag));
	}

	@Override
	public CompletionStage<Boolean> cancel() {
		return complete();
	}

	@Override
	public CompletionStage<Boolean> retry(Duration delay, String error) {
		TaskRecord failed = this.record.failed(this.record.failures() + 1, error, this.sender.now());
		return replace(() -> this.sender.copy(this.channel, failed, delay, this.frame));
	}

	@Override
	public CompletionStage<Boolean> deadLetter(int attempts, String error) {
		TaskRecord failed = this.record.failed(attempts, error, this.sender.now());
		return replace(() -> this.sender.deadLetter(this.channel, failed, this.frame));
	}

	@Override
	public CompletionStage<Boolean> giveBack(Duration delay) {
		return replace(() -> this.sender.copy(this.channel, this.record, delay, this.frame));
	}

	@Override
	public String toString() {
		return "task " + id() + " of " + this.channel;
	}

	private CompletionStage<Boolean> replace(Runnable copy) {
		if (!this.settled.compareAndSet(false, true) || !this.session.isOpen()) {
			return CompletableFuture.completedStage(false);
		}
		try {
			copy.run();
		}
		catch (QueueException ex) {
			// Only the broker can give it back now, and counts that as a death.
			this.session.requeue(this.tag);
			throw ex;
		}
		return CompletableFuture.completedStage(this.session.acknowledge(this.tag));
	}

}
