package com.nocobase.cluster.lock;

import org.jspecify.annotations.Nullable;

/**
 * A lock was not granted within the time that the caller would wait.
 */
public class LockTimeoutException extends LockException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates the exception.
	 * @param message what happened, to what, and what to do
	 * @param cause why, or {@code null}
	 */
	public LockTimeoutException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
