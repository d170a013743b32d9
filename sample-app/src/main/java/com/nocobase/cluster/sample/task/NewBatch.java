package com.nocobase.cluster.sample.task;

import org.jspecify.annotations.Nullable;

/**
 * Equal tasks that are to be created, all or none.
 *
 * @param count how many
 * @param steps how many steps each has
 * @param stepMillis how long each step takes
 */
record NewBatch(int count, @Nullable Integer steps, long stepMillis) {

	private static final int LARGEST = 10_000;

	NewBatch {
		NewTask.check("count", count, LARGEST);
	}

	NewTask task() {
		return new NewTask(this.steps, this.stepMillis, 0, 0, 0);
	}

}
