package com.nocobase.cluster.message;

import org.jspecify.annotations.Nullable;

/**
 * A value that JSON cannot carry, or that cannot be read as what the receiver asked for.
 */
public class PayloadException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates the exception.
	 * @param message what happened, to what
	 * @param cause why, or {@code null}
	 */
	public PayloadException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
