package com.nocobase.cluster.pubsub;

/**
 * What an adapter tells the manager. Calls return at once and never throw; those for one
 * channel come one after the other.
 */
public interface PubSubInbox {

	/**
	 * Called with each message.
	 * @param channel name of the channel, as it was subscribed to
	 * @param message the message, the publisher's own ones too
	 */
	void received(String channel, byte[] message);

	/**
	 * Called when the connection is lost.
	 */
	void lost();

	/**
	 * Called when the connection is back and all channels are subscribed to again, but
	 * messages may have been missed.
	 */
	void restored();

}
