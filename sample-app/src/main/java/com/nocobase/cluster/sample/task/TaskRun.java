package com.nocobase.cluster.sample.task;

import java.time.Duration;

/**
 * A task that this instance has claimed.
 *
 * @param id id of the task
 * @param attempts number of this start; a later one takes the task over
 * @param total steps to do
 * @param stepMillis how long each takes
 * @param failures how many attempts are to fail
 * @param maxRetries how many attempts may follow the first
 */
record TaskRun(String id, int attempts, int total, long stepMillis, int failures, int maxRetries) {

	Duration step() {
		return Duration.ofMillis(this.stepMillis);
	}

}
