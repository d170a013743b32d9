package com.nocobase.cluster.sync;

/**
 * Gets the sync messages of a subscription, one after the other.
 */
@FunctionalInterface
public interface SyncHandler {

	/**
	 * Handles a message. May see a message again, so reloading is better than changing.
	 * @param message the message
	 * @throws Exception to be called again with it, and at last be resynced
	 */
	void handle(SyncMessage message) throws Exception;

}
