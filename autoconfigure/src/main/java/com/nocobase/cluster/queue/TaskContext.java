package com.nocobase.cluster.queue;

import java.time.Duration;
import java.time.Instant;

/**
 * One run of a task. Safe from any thread while the handler runs.
 */
public interface TaskContext {

	/**
	 * Returns the id of the task, the same over all of its attempts.
	 * @return the id
	 */
	String id();

	/**
	 * Returns the attempt, from 1. Being given back, or the death of a worker, is no
	 * attempt.
	 * @return the number
	 */
	int attempt();

	/**
	 * Returns whether the handler should stop: the task was cancelled, its timeout has
	 * passed, or the application stops and will give it back.
	 * @return whether to stop
	 */
	boolean cancelled();

	/**
	 * Adds a callback for when the handler should stop. It is called once, at once if
	 * that is already so.
	 * @param callback called on another thread than the handler's, or on the caller's
	 */
	void onCancel(Runnable callback);

	/**
	 * Returns when the handler's time is over.
	 * @return the deadline
	 */
	Instant deadline();

	/**
	 * Starts the handler's time anew.
	 * @param duration how much time it has from now
	 * @throws IllegalArgumentException if it is not positive
	 */
	void extend(Duration duration);

	/**
	 * Tells how far the work is, and starts the handler's time anew.
	 * @param done how much is done
	 * @param total how much there is
	 * @throws IllegalArgumentException if one is negative, or {@code done} is the larger
	 */
	void progress(long done, long total);

}
