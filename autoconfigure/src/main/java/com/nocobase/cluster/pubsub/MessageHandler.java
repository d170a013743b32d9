package com.nocobase.cluster.pubsub;

/**
 * Gets messages of a subscription, one after the other.
 *
 * @param <T> the type of the messages
 */
@FunctionalInterface
public interface MessageHandler<T> {

	/**
	 * Handles a message.
	 * @param message the message, a copy of its own
	 * @throws Exception to have it logged and counted
	 */
	void handle(T message) throws Exception;

}
