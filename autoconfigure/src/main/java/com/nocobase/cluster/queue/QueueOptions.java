package com.nocobase.cluster.queue;

import java.time.Duration;
import java.util.function.BooleanSupplier;

import org.jspecify.annotations.Nullable;

import com.nocobase.cluster.message.Names;

/**
 * How a subscription takes tasks.
 *
 * @param concurrency how many run at once; zero or less for
 * {@code nocobase.cluster.queue.max-concurrency}
 * @param idle asked before more is taken, and at least 4 times a second; {@code false}
 * leaves tasks to others. One that throws counts as {@code false}
 * @param serving a key of the worker mode: tasks are taken only where it is served;
 * {@code null} takes them everywhere
 * @param shared whether the channel is one that applications share
 * @param timeout how long the handler may take; wins over the publisher's; {@code null}
 * leaves it to the publisher
 */
public record QueueOptions(int concurrency, BooleanSupplier idle, @Nullable String serving, boolean shared,
		@Nullable Duration timeout) {

	/** One at a time, always, everywhere. */
	public static final QueueOptions DEFAULTS = new QueueOptions(1, () -> true, null, false, null);

	public QueueOptions {
		if (timeout != null) {
			Limits.positive("timeout", timeout);
		}
		if (serving != null) {
			Names.check("serving", serving);
		}
	}

	/**
	 * Returns a copy with another concurrency.
	 * @param concurrency how many run at once
	 * @return the copy
	 */
	public QueueOptions withConcurrency(int concurrency) {
		return new QueueOptions(concurrency, this.idle, this.serving, this.shared, this.timeout);
	}

	/**
	 * Returns a copy with a gate.
	 * @param idle asked before more is taken
	 * @return the copy
	 */
	public QueueOptions withIdle(BooleanSupplier idle) {
		return new QueueOptions(this.concurrency, idle, this.serving, this.shared, this.timeout);
	}

	/**
	 * Returns a copy that takes tasks only where a key is served.
	 * @param serving a key of the worker mode
	 * @return the copy
	 */
	public QueueOptions withServing(String serving) {
		return new QueueOptions(this.concurrency, this.idle, serving, this.shared, this.timeout);
	}

	/**
	 * Returns a copy for a channel that applications share.
	 * @return the copy
	 */
	public QueueOptions withShared() {
		return new QueueOptions(this.concurrency, this.idle, this.serving, true, this.timeout);
	}

	/**
	 * Returns a copy with a timeout.
	 * @param timeout how long the handler may take
	 * @return the copy
	 */
	public QueueOptions withTimeout(Duration timeout) {
		return new QueueOptions(this.concurrency, this.idle, this.serving, this.shared, timeout);
	}

}
