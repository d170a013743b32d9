package com.nocobase.cluster.queue;

/**
 * Where a task is.
 */
public enum TaskState {

	/** Waits for a worker. */
	WAITING,

	/** Waits for its time, before the first attempt or between two. */
	DELAYED,

	/** A worker has it. */
	RUNNING,

	/** Its handler has returned. */
	SUCCEEDED,

	/** It was cancelled. */
	CANCELED,

	/** It was given up and is among the dead letters. */
	DEAD;

	/**
	 * Returns whether nothing more will happen to the task by itself.
	 * @return whether it is over
	 */
	public boolean isOver() {
		return this == SUCCEEDED || this == CANCELED || this == DEAD;
	}

}
