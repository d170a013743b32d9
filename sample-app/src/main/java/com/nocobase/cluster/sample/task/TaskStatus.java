package com.nocobase.cluster.sample.task;

/**
 * Where a task is.
 */
enum TaskStatus {

	/** Waits for an instance, for the first time or again. */
	PENDING,

	/** An instance works on it. */
	RUNNING,

	/** Over: it reached the end. */
	SUCCEEDED,

	/** Over: its last attempt failed. */
	FAILED,

	/** Over: it was cancelled before it reached the end. */
	CANCELED

}
