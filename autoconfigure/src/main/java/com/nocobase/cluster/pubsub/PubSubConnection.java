package com.nocobase.cluster.pubsub;

import com.nocobase.cluster.message.Subscription;

/**
 * An instance's connection to the broker. It keeps its subscriptions over a lost
 * connection and says so to the {@link PubSubInbox}. Safe from any thread.
 */
public interface PubSubConnection extends AutoCloseable {

	/**
	 * Subscribes to a channel; called at most once for each that is not closed. Messages
	 * published after this method has returned reach the inbox, those of one publisher in
	 * the order in which it published them.
	 * @param channel name of the channel, with the application's name in front
	 * @return ends the subscription at the broker
	 */
	Subscription subscribe(String channel);

	/**
	 * Publishes and returns when the broker has the message.
	 * @param channel name of the channel, with the application's name in front
	 * @param message the message; not changed by anybody
	 * @throws RuntimeException if the broker does not have it
	 */
	void publish(String channel, byte[] message);

	/**
	 * Disconnects. Nothing reaches the inbox after this method has returned.
	 */
	@Override
	void close();

}
