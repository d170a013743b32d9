package com.nocobase.cluster.cache;

import org.jspecify.annotations.Nullable;

/**
 * A store did not do what it was asked for.
 */
public class CacheException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates the exception.
	 * @param message what happened, to what, and what to do
	 * @param cause why, or {@code null}
	 */
	public CacheException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
