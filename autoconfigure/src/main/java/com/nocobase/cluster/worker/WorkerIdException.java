package com.nocobase.cluster.worker;

import org.jspecify.annotations.Nullable;

/**
 * There is no worker id to give out ids with: none was free, or the lease was lost.
 */
public class WorkerIdException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates the exception.
	 * @param message what happened, to what, and what to do
	 * @param cause why, or {@code null}
	 */
	public WorkerIdException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
