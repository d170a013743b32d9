package com.nocobase.cluster.queue;

/**
 * Long or retryable work. A task is done at least once, by one of the instances that
 * subscribe to its channel, and is acknowledged when its handler has returned.
 * <p>
 * A handler that throws, or is not done within its timeout, has failed: the task is tried
 * again with growing pauses until {@link TaskOptions#maxRetries()} are used up, then it
 * goes to the dead letters. A worker that dies gives its tasks back and uses up no retry.
 * A task that cannot be read goes to the dead letters at once, with its raw bytes. Safe
 * from any thread.
 */
public interface EventQueue {

	/**
	 * Subscribes with default options.
	 * @param <T> the type of the tasks
	 * @param channel the channel
	 * @param type class of the tasks, or {@code Object}, {@code Map} or {@code JsonNode}
	 * for all
	 * @param handler does the work
	 * @return closes the subscription and changes its concurrency
	 */
	default <T> QueueSubscription subscribe(String channel, Class<T> type, TaskHandler<? super T> handler) {
		return subscribe(channel, type, QueueOptions.DEFAULTS, handler);
	}

	/**
	 * Subscribes. Tasks are taken from when the queue's consumers start, at the end of
	 * the application's start.
	 * @param <T> the type of the tasks
	 * @param channel the channel
	 * @param type class of the tasks, or {@code Object}, {@code Map} or {@code JsonNode}
	 * for all
	 * @param options how many at once, and when
	 * @param handler does the work
	 * @return closes the subscription and changes its concurrency
	 * @throws IllegalArgumentException if the channel's name is blank or too long
	 * @throws IllegalStateException if this instance has a subscription of that channel
	 */
	<T> QueueSubscription subscribe(String channel, Class<T> type, QueueOptions options,
			TaskHandler<? super T> handler);

	/**
	 * Publishes with default options.
	 * @param channel the channel
	 * @param message any value that JSON can carry
	 * @return id of the task, and when the broker has it
	 */
	default TaskReceipt publish(String channel, Object message) {
		return publish(channel, message, TaskOptions.DEFAULTS);
	}

	/**
	 * Publishes and waits until the broker has the task, no longer than
	 * {@code nocobase.cluster.queue.publish-timeout}. Within a transaction the task
	 * leaves after the commit, and the receipt is returned at once. A publisher need not
	 * be a subscriber.
	 * @param channel the channel
	 * @param message any value that JSON can carry
	 * @param options timeout, retries, delay
	 * @return id of the task, and when the broker has it
	 * @throws com.nocobase.cluster.message.PayloadException if JSON cannot carry it, or
	 * it is over the limit
	 * @throws QueueException if there is no connection, or the broker did not take or
	 * confirm it
	 */
	TaskReceipt publish(String channel, Object message, TaskOptions options);

	/**
	 * Publishes without waiting for the broker, for throughput. Waits only while too many
	 * tasks are unconfirmed.
	 * @param channel the channel
	 * @param message any value that JSON can carry
	 * @param options timeout, retries, delay
	 * @return id of the task, and when the broker has it
	 * @throws com.nocobase.cluster.message.PayloadException if JSON cannot carry it, or
	 * it is over the limit
	 * @throws QueueException if there is no connection
	 */
	TaskReceipt publishAsync(String channel, Object message, TaskOptions options);

	/**
	 * Cancels a running task, wherever it runs: its {@link TaskContext} says so, and when
	 * its handler has ended it is not tried again.
	 * @param id id of the task
	 * @return whether an instance confirmed in time that it was running it
	 */
	boolean cancel(String id);

	/**
	 * Returns the dead letters of a channel of this application.
	 * @param channel the channel
	 * @return its dead letters
	 */
	default DeadLetters deadLetters(String channel) {
		return deadLetters(channel, false);
	}

	/**
	 * Returns the dead letters of a channel.
	 * @param channel the channel
	 * @param shared whether the channel is one that applications share
	 * @return its dead letters
	 */
	DeadLetters deadLetters(String channel, boolean shared);

}
