package com.nocobase.cluster.queue;

/**
 * Does the work of a task.
 *
 * @param <T> the type of the tasks
 */
@FunctionalInterface
public interface TaskHandler<T> {

	/**
	 * Does the work. Returning acknowledges the task. It may be called again for the same
	 * task, on another instance too, so the work must bear that.
	 * @param task the task
	 * @param context what is known of this run
	 * @throws Exception to have the task tried again, as far as it has retries left
	 */
	void handle(T task, TaskContext context) throws Exception;

}
