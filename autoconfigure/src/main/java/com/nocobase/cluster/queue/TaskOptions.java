package com.nocobase.cluster.queue;

import java.time.Duration;

import org.jspecify.annotations.Nullable;
import org.springframework.util.Assert;

/**
 * How a task is done. Immutable.
 */
public final class TaskOptions {

	/** No retries, no delay, the configured timeout. */
	public static final TaskOptions DEFAULTS = new TaskOptions(null, 0, Backoff.DEFAULT, Duration.ZERO, false, null, 0);

	private final @Nullable Duration timeout;

	private final int maxRetries;

	private final Backoff backoff;

	private final Duration delay;

	private final boolean shared;

	private final @Nullable String dedupId;

	private final int priority;

	private TaskOptions(@Nullable Duration timeout, int maxRetries, Backoff backoff, Duration delay, boolean shared,
			@Nullable String dedupId, int priority) {
		Assert.isTrue(maxRetries >= 0, () -> "maxRetries must not be negative, but is " + maxRetries);
		this.timeout = (timeout != null) ? Limits.positive("timeout", timeout) : null;
		this.maxRetries = maxRetries;
		this.backoff = backoff;
		this.delay = Limits.notNegative("delay", delay);
		this.shared = shared;
		this.dedupId = dedupId;
		this.priority = priority;
	}

	/**
	 * Returns a copy with a timeout.
	 * @param timeout how long the handler may take, if its subscription does not say
	 * @return the copy
	 */
	public TaskOptions withTimeout(Duration timeout) {
		return new TaskOptions(timeout, this.maxRetries, this.backoff, this.delay, this.shared, this.dedupId,
				this.priority);
	}

	/**
	 * Returns a copy with retries.
	 * @param maxRetries how many attempts may follow the first one
	 * @return the copy
	 */
	public TaskOptions withMaxRetries(int maxRetries) {
		return new TaskOptions(this.timeout, maxRetries, this.backoff, this.delay, this.shared, this.dedupId,
				this.priority);
	}

	/**
	 * Returns a copy with other pauses between attempts.
	 * @param backoff the pauses
	 * @return the copy
	 */
	public TaskOptions withBackoff(Backoff backoff) {
		return new TaskOptions(this.timeout, this.maxRetries, backoff, this.delay, this.shared, this.dedupId,
				this.priority);
	}

	/**
	 * Returns a copy with a delay.
	 * @param delay how long the task waits before its first attempt
	 * @return the copy
	 */
	public TaskOptions withDelay(Duration delay) {
		return new TaskOptions(this.timeout, this.maxRetries, this.backoff, delay, this.shared, this.dedupId,
				this.priority);
	}

	/**
	 * Returns a copy for a channel that applications share.
	 * @return the copy
	 */
	public TaskOptions withShared() {
		return new TaskOptions(this.timeout, this.maxRetries, this.backoff, this.delay, true, this.dedupId,
				this.priority);
	}

	TaskOptions withDedupId(String dedupId) {
		return new TaskOptions(this.timeout, this.maxRetries, this.backoff, this.delay, this.shared, dedupId,
				this.priority);
	}

	TaskOptions withPriority(int priority) {
		return new TaskOptions(this.timeout, this.maxRetries, this.backoff, this.delay, this.shared, this.dedupId,
				priority);
	}

	/**
	 * Returns how long the handler may take.
	 * @return the timeout, {@code null} for {@code nocobase.cluster.queue.timeout}
	 */
	public @Nullable Duration timeout() {
		return this.timeout;
	}

	/**
	 * Returns how many attempts may follow the first one.
	 * @return the number
	 */
	public int maxRetries() {
		return this.maxRetries;
	}

	/**
	 * Returns the pauses between attempts.
	 * @return the pauses
	 */
	public Backoff backoff() {
		return this.backoff;
	}

	/**
	 * Returns how long the task waits before its first attempt.
	 * @return the delay
	 */
	public Duration delay() {
		return this.delay;
	}

	/**
	 * Returns whether the channel is one that applications share.
	 * @return whether it is
	 */
	public boolean shared() {
		return this.shared;
	}

	@Nullable String dedupId() {
		return this.dedupId;
	}

	int priority() {
		return this.priority;
	}

}
