package com.nocobase.cluster.lock;

import org.jspecify.annotations.Nullable;

/**
 * A lease ended before its holder gave it back; another holder may be in.
 */
public class LeaseLostException extends LockException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates the exception.
	 * @param message what happened, to what, and what to do
	 * @param cause why, or {@code null}
	 */
	public LeaseLostException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
