package com.nocobase.cluster.message;

import org.jspecify.annotations.Nullable;

/**
 * Bytes that are not an envelope of ours.
 */
public class MalformedMessageException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates the exception.
	 * @param message what happened, to what
	 * @param cause why, or {@code null}
	 */
	public MalformedMessageException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
