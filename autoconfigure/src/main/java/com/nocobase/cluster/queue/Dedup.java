package com.nocobase.cluster.queue;

/**
 * Ability of a queue: a task that was already published is not published again. A bean
 * only where the adapter has it. Safe from any thread.
 */
public interface Dedup {

	/**
	 * Returns options under which a second task with the same id, in the same channel, is
	 * dropped: as long as the first one is not over, and at least for
	 * {@code nocobase.cluster.queue.dedup-window} after it was published. Its receipt is
	 * that of a sent task and names the same task.
	 * @param options the other options
	 * @param dedupId what makes the task the same
	 * @return the options
	 */
	TaskOptions withDedupId(TaskOptions options, String dedupId);

}
