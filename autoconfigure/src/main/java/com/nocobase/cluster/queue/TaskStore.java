package com.nocobase.cluster.queue;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What an adapter implements to have {@link TaskLookup}. Channels are named as in
 * {@link TaskMessage#channel()}, in the answers too. Safe from any thread.
 */
public interface TaskStore {

	/**
	 * Finds a task.
	 * @param id id of the task
	 * @return what is known of it, with the scoped name of its channel, or empty
	 */
	Optional<TaskInfo> find(String id);

	/**
	 * Cancels a task that waits or is delayed.
	 * @param id id of the task
	 * @return whether it was one
	 */
	boolean cancel(String id);

	/**
	 * Returns what waits or is delayed in a channel.
	 * @param channel the channel
	 * @return how much, and since when
	 */
	Backlog backlog(String channel);

	/**
	 * Lists dead letters.
	 * @param channel the channel
	 * @param atMost how many
	 * @return the oldest ones, oldest first
	 */
	List<DeadLetter> deadLetters(String channel, int atMost);

	/**
	 * Puts a dead letter back into its channel, with all its retries.
	 * @param id id of the task
	 * @return whether it was a dead letter
	 */
	boolean retryDead(String id);

	/**
	 * Drops a dead letter.
	 * @param id id of the task
	 * @return whether it was a dead letter
	 */
	boolean discardDead(String id);

	/**
	 * What waits or is delayed in a channel.
	 *
	 * @param depth how many tasks
	 * @param oldest when the oldest of them was published, or empty
	 */
	record Backlog(long depth, Optional<Instant> oldest) {

	}

}
