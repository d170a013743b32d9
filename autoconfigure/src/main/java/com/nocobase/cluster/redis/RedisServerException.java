package com.nocobase.cluster.redis;

import org.jspecify.annotations.Nullable;

/**
 * Redis refused a command, or did not answer in time. In the latter case nobody knows
 * whether it was executed.
 */
public class RedisServerException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates the exception.
	 * @param message what happened, to what, and what to do
	 * @param cause why, or {@code null}
	 */
	public RedisServerException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
