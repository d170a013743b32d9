package com.nocobase.cluster.queue;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * A broker of tasks. Names, envelopes, retries, timeouts, gates and draining are common
 * to all adapters and not its business; it keeps tasks, hands each to one consumer and
 * knows who owns it. A bean of this type is an adapter under its bean name, with or
 * without the suffix {@code QueueAdapter}.
 * <p>
 * What an instance has taken stays its own while its process lives; when it dies, its
 * tasks are given back with one death more. Abilities that not every broker has are beans
 * of the adapter's configuration, made by {@link QueueAbilities}. Safe from any thread.
 */
public interface QueueAdapter {

	/**
	 * Connects. Called before the first other call, and again after
	 * {@link #disconnect()}.
	 * @param host the instance that connects
	 * @throws RuntimeException to stop the start of the application
	 */
	void connect(QueueHost host);

	/**
	 * Disconnects. What this instance still owns is given back.
	 */
	void disconnect();

	/**
	 * Returns whether the broker can be reached, without asking it.
	 * @return whether it was there last
	 */
	boolean isConnected();

	/**
	 * Returns how long a task can be owned at most. A longer timeout is refused.
	 * @return by default decades
	 */
	default Duration longestTimeout() {
		return Limits.LONGEST;
	}

	/**
	 * Hands a task to the broker. A task whose id the broker has, and which is not over,
	 * is not stored again; a broker that does not know ids may double one that was not
	 * confirmed and is published again.
	 * @param task the task
	 * @return completed when the broker has it; exceptionally if it will not. Cancelled
	 * by who gives up waiting: then it is not sent any more, unless it is on its way
	 * already
	 * @throws QueueException if the task cannot be sent
	 */
	CompletionStage<Void> publish(TaskMessage task);

	/**
	 * Starts to consume a channel. Nothing is taken before it is
	 * {@linkplain QueueConsumer#request requested}.
	 * @param channel name of the channel, scoped by the application or shared
	 * @param concurrency how many of its tasks run here at once; a broker that pushes may
	 * prefetch as many
	 * @param sink gets each task, one call for each requested one; does not block and may
	 * be called by {@link QueueConsumer#request} itself
	 * @return asks for tasks
	 */
	QueueConsumer consume(String channel, int concurrency, Consumer<Delivery> sink);

	/**
	 * Asks the other instances to cancel a running task.
	 * @param id id of the task
	 * @param timeout how long to wait for their answer
	 * @return whether one confirmed that it was running it
	 */
	boolean cancel(String id, Duration timeout);

	/**
	 * Returns the dead letters of a channel.
	 * @param channel name of the channel, scoped by the application or shared
	 * @return its dead letters
	 */
	DeadLetters deadLetters(String channel);

}
