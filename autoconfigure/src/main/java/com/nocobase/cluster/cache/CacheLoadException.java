package com.nocobase.cluster.cache;

import org.jspecify.annotations.Nullable;

/**
 * A loader threw a checked exception, or was not done in time.
 */
public class CacheLoadException extends CacheException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates the exception.
	 * @param message what happened, to what, and what to do
	 * @param cause why, or {@code null}
	 */
	public CacheLoadException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
