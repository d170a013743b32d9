package com.nocobase.cluster.sample.task;

import org.jspecify.annotations.Nullable;

/**
 * A task as its row says.
 *
 * @param id the id, the same in the event queue
 * @param status where it is
 * @param done steps that the latest run has done
 * @param total steps that there are
 * @param attempts how often a handler has started
 * @param executions how often a handler has reached the end
 * @param instanceId who started it last
 */
record Task(String id, TaskStatus status, int done, int total, int attempts, int executions,
		@Nullable String instanceId) {

}
