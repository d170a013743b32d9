package com.nocobase.cluster.sync;

import org.jspecify.annotations.Nullable;

/**
 * Sync messages are not connected, or the log did not take a message.
 */
public class SyncException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates the exception.
	 * @param message what happened, to what, and what to do
	 * @param cause why, or {@code null}
	 */
	public SyncException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
