package com.nocobase.cluster.pubsub;

import org.jspecify.annotations.Nullable;

/**
 * Pub/sub is not connected, or its broker did not take a message.
 */
public class PubSubException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates the exception.
	 * @param message what happened, to what, and what to do
	 * @param cause why, or {@code null}
	 */
	public PubSubException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
