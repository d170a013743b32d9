package com.nocobase.cluster.pubsub;

import com.nocobase.cluster.message.SendReceipt;
import com.nocobase.cluster.message.Subscription;

/**
 * Messages to every instance that listens at that moment, at most once, in order per
 * channel and publisher.
 * <p>
 * Handlers of one subscription run one after the other, those of different subscriptions
 * beside each other. A handler that throws is logged and counted; it stops neither its
 * neighbours nor later messages. Each subscription has a bounded backlog; what does not
 * fit is dropped, counted and told to {@link SubscribeOptions#onMissed()}. A message that
 * cannot be read, or whose type the subscription did not ask for, is counted and skipped.
 * Safe from any thread.
 */
public interface PubSubManager {

	/**
	 * Subscribes with default options.
	 * @param <T> the type of the messages
	 * @param channel the channel, local to the application
	 * @param type class of the messages, or {@code Object}, {@code Map} or
	 * {@code JsonNode} for all
	 * @param handler gets each message
	 * @return closes the subscription
	 * @throws IllegalArgumentException if the channel's name is blank or too long
	 */
	default <T> Subscription subscribe(String channel, Class<T> type, MessageHandler<? super T> handler) {
		return subscribe(channel, type, SubscribeOptions.DEFAULTS, handler);
	}

	/**
	 * Subscribes. Before the connection is up the subscription is remembered; it comes
	 * back by itself after a lost connection.
	 * @param <T> the type of the messages
	 * @param channel the channel, local to the application
	 * @param type class of the messages, or {@code Object}, {@code Map} or
	 * {@code JsonNode} for all
	 * @param options debounce, and who is told of missed messages
	 * @param handler gets each message
	 * @return closes the subscription
	 * @throws IllegalArgumentException if the channel's name is blank or too long
	 */
	<T> Subscription subscribe(String channel, Class<T> type, SubscribeOptions options,
			MessageHandler<? super T> handler);

	/**
	 * Publishes to the other instances.
	 * @param channel the channel, local to the application
	 * @param message any value that JSON can carry
	 * @return tells when the broker has it
	 * @throws com.nocobase.cluster.message.PayloadException if JSON cannot carry it, or
	 * it is over the limit
	 * @throws PubSubException if there is no connection or the broker did not take it
	 */
	default SendReceipt publish(String channel, Object message) {
		return publish(channel, message, PublishOptions.DEFAULTS);
	}

	/**
	 * Publishes. Within a transaction the message leaves after the commit, and the
	 * receipt is returned at once.
	 * @param channel the channel, local to the application
	 * @param message any value that JSON can carry
	 * @param options who gets it
	 * @return tells when the broker has it
	 * @throws com.nocobase.cluster.message.PayloadException if JSON cannot carry it, or
	 * it is over the limit
	 * @throws PubSubException if there is no connection or the broker did not take it
	 */
	SendReceipt publish(String channel, Object message, PublishOptions options);

	/**
	 * Publishes to the other instances without waiting for the broker.
	 * @param channel the channel, local to the application
	 * @param message any value that JSON can carry
	 * @return tells when the broker has it
	 * @throws com.nocobase.cluster.message.PayloadException if JSON cannot carry it, or
	 * it is over the limit
	 * @throws PubSubException if there is no connection
	 */
	default SendReceipt publishAsync(String channel, Object message) {
		return publishAsync(channel, message, PublishOptions.DEFAULTS);
	}

	/**
	 * Publishes without waiting for the broker, for throughput: in order with all that
	 * the same thread publishes on the channel. Waits only while there are
	 * {@code nocobase.cluster.pubsub.max-unconfirmed} messages that the broker does not
	 * have. Within a transaction it does what {@link #publish} does.
	 * @param channel the channel, local to the application
	 * @param message any value that JSON can carry
	 * @param options who gets it
	 * @return tells when the broker has it; it fails after
	 * {@code nocobase.cluster.pubsub.publish-timeout}
	 * @throws com.nocobase.cluster.message.PayloadException if JSON cannot carry it, or
	 * it is over the limit
	 * @throws PubSubException if there is no connection, or the broker takes nothing
	 */
	default SendReceipt publishAsync(String channel, Object message, PublishOptions options) {
		return publish(channel, message, options);
	}

}
