package com.nocobase.cluster.queue;

import org.jspecify.annotations.Nullable;

/**
 * The event queue is not connected, or its broker did not take or confirm a task.
 */
public class QueueException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates the exception.
	 * @param message what happened, to what, and what to do
	 * @param cause why, or {@code null}
	 */
	public QueueException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
