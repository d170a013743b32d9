package com.nocobase.cluster.lock;

import org.jspecify.annotations.Nullable;

/**
 * Locks cannot be had: their server failed.
 */
public class LockException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates the exception.
	 * @param message what happened, to what, and what to do
	 * @param cause why, or {@code null}
	 */
	public LockException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
