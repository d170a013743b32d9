package com.nocobase.cluster.rabbit;

import org.jspecify.annotations.Nullable;

/**
 * RabbitMQ cannot be reached, did not answer in time, or refused.
 */
public class RabbitServerException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates the exception.
	 * @param message what happened, to what, and what to do
	 * @param cause why, or {@code null}
	 */
	public RabbitServerException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
