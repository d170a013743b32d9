package com.nocobase.cluster.support;

/**
 * A configuration that cannot work, with what to do about it.
 */
public class ClusterConfigurationException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final String action;

	/**
	 * Creates the exception.
	 * @param message what cannot work, without a full stop
	 * @param action what to do, a sentence or two
	 */
	public ClusterConfigurationException(String message, String action) {
		super(message);
		this.action = action;
	}

	/**
	 * Returns what to do.
	 * @return a sentence or two
	 */
	public String action() {
		return this.action;
	}

}
