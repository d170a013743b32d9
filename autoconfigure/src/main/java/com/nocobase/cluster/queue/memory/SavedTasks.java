package com.nocobase.cluster.queue.memory;

import java.util.List;

/**
 * Content of a file of undone tasks.
 *
 * @param version version of the format
 * @param app name of the application
 * @param writtenAt when it was written, in epoch milliseconds
 * @param tasks the tasks, in the order of their channels
 */
record SavedTasks(int version, String app, long writtenAt, List<SavedTask> tasks) {

	static final int VERSION = 1;

	SavedTasks {
		tasks = List.copyOf(tasks);
	}

}
