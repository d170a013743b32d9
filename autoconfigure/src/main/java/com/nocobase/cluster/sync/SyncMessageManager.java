package com.nocobase.cluster.sync;

import com.nocobase.cluster.message.Subscription;

/**
 * Tells the other instances that something changed, so that what they keep in memory
 * stays right.
 * <p>
 * Messages of a channel are handled in order, one after the other. A handler that throws
 * is called again, 3 times by default; then its subscription is out of step and
 * {@link SyncOptions#resync()} runs instead, once and never beside a message. Safe from
 * any thread.
 */
public interface SyncMessageManager {

	/**
	 * Subscribes.
	 * @param channel the channel, local to the application; a plugin's is its name
	 * @param options debounce, and what reloads everything
	 * @param handler gets each message
	 * @return closes the subscription
	 * @throws IllegalArgumentException if the channel's name is blank or too long
	 */
	Subscription subscribe(String channel, SyncOptions options, SyncHandler handler);

	/**
	 * Publishes to the other instances.
	 * @param channel the channel, local to the application
	 * @param message any value that JSON can carry
	 * @return tells when it was sent and who has applied it
	 * @throws com.nocobase.cluster.message.PayloadException if JSON cannot carry it, or
	 * it is over the limit
	 * @throws SyncException if there is no connection or the log did not take it
	 */
	default SyncReceipt publish(String channel, Object message) {
		return publish(channel, message, true);
	}

	/**
	 * Publishes. Within a transaction the message leaves after the commit, and the
	 * receipt is returned at once.
	 * @param channel the channel, local to the application
	 * @param message any value that JSON can carry
	 * @param skipSelf whether the publishing instance is left out
	 * @return tells when it was sent and who has applied it
	 * @throws com.nocobase.cluster.message.PayloadException if JSON cannot carry it, or
	 * it is over the limit
	 * @throws SyncException if there is no connection or the log did not take it
	 */
	SyncReceipt publish(String channel, Object message, boolean skipSelf);

}
