package com.nocobase.cluster.pubsub;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

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
	 * Hands a message over and need not wait. Those of one channel are handed over one
	 * after the other and reach the broker in that order, no later than what is published
	 * next. Implemented by adapters whose client can do so; else it publishes and waits.
	 * @param channel name of the channel, with the application's name in front
	 * @param message the message; not changed by anybody
	 * @return completed when the broker has it; cancelled when that is given up, and then
	 * sent no more if it has not been
	 * @throws RuntimeException if it could not be handed over
	 */
	default CompletionStage<?> publishAsync(String channel, byte[] message) {
		publish(channel, message);
		return CompletableFuture.completedFuture(null);
	}

	/**
	 * Disconnects. Nothing reaches the inbox after this method has returned.
	 */
	@Override
	void close();

}
