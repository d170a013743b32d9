package com.nocobase.cluster.queue;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Ability of a queue: to look at its tasks, one by one. A bean only where the adapter has
 * it. Channels are those of this application, or with {@code shared} those that
 * applications share. Safe from any thread.
 * <p>
 * Finished tasks are remembered for a while, the newest 10,000 of a channel at least.
 */
public interface TaskLookup {

	/**
	 * Finds a task.
	 * @param id id of the task
	 * @return what is known of it, or empty
	 */
	Optional<TaskInfo> find(String id);

	/**
	 * Cancels a task that waits or is delayed. A running one is cancelled by
	 * {@link EventQueue#cancel(String)}.
	 * @param id id of the task
	 * @return whether it will not be tried any more because of this call
	 */
	boolean cancel(String id);

	/**
	 * Returns how many tasks of a channel of this application wait or are delayed.
	 * @param channel the channel
	 * @return the number, without running ones
	 */
	default long depth(String channel) {
		return depth(channel, false);
	}

	/**
	 * Returns how many tasks of a channel wait or are delayed.
	 * @param channel the channel
	 * @param shared whether the channel is one that applications share
	 * @return the number, without running ones
	 */
	long depth(String channel, boolean shared);

	/**
	 * Returns how long ago the oldest task was published that waits or is delayed in a
	 * channel of this application.
	 * @param channel the channel
	 * @return its age, or empty if there is none
	 */
	default Optional<Duration> oldestAge(String channel) {
		return oldestAge(channel, false);
	}

	/**
	 * Returns how long ago the oldest task was published that waits or is delayed in a
	 * channel.
	 * @param channel the channel
	 * @param shared whether the channel is one that applications share
	 * @return its age, or empty if there is none
	 */
	Optional<Duration> oldestAge(String channel, boolean shared);

	/**
	 * Lists dead letters of a channel of this application.
	 * @param channel the channel
	 * @param atMost how many
	 * @return the oldest ones, oldest first
	 */
	default List<DeadLetter> deadLetters(String channel, int atMost) {
		return deadLetters(channel, false, atMost);
	}

	/**
	 * Lists dead letters of a channel.
	 * @param channel the channel
	 * @param shared whether the channel is one that applications share
	 * @param atMost how many
	 * @return the oldest ones, oldest first
	 * @throws IllegalArgumentException if the number is not positive
	 */
	List<DeadLetter> deadLetters(String channel, boolean shared, int atMost);

	/**
	 * Puts one dead letter back into its channel, with all its retries.
	 * @param id id of the task
	 * @return whether it was a dead letter
	 */
	boolean retryDead(String id);

	/**
	 * Drops one dead letter for good.
	 * @param id id of the task
	 * @return whether it was a dead letter
	 */
	boolean discardDead(String id);

}
