package com.nocobase.cluster.queue;

/**
 * Ability of a queue: more important tasks are taken first. A bean only where the adapter
 * has it. Safe from any thread.
 */
public interface Priority {

	/**
	 * Returns options under which a task is taken before all waiting ones of its channel
	 * with a lower priority, and after those with the same one that came earlier.
	 * @param options the other options
	 * @param priority from 0, the default, to 9, the most important
	 * @return the options
	 * @throws IllegalArgumentException if the priority is outside of 0 to 9
	 */
	TaskOptions withPriority(TaskOptions options, int priority);

}
