package com.nocobase.cluster;

import org.jspecify.annotations.Nullable;

/**
 * A plugin cannot be used, so the application does not start.
 */
public class PluginException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates the exception.
	 * @param message which plugin, and what it did
	 * @param cause why, or {@code null}
	 */
	public PluginException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
