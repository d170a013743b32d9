package com.nocobase.cluster.support;

/**
 * What a capability tells of itself: for health, for members and for the log. Calls are
 * cheap, talk to no server and are safe from any thread.
 */
public interface Capability {

	/**
	 * Returns the name under {@code nocobase.cluster}, such as {@code pubsub}; the worker
	 * id is {@code workerId}.
	 * @return the name
	 */
	String name();

	/**
	 * Returns the adapter in use, as the configuration names it.
	 * @return the name of the adapter
	 */
	String adapter();

	/**
	 * Returns how it is right now.
	 * @return the state with its details
	 */
	CapabilityHealth health();

}
