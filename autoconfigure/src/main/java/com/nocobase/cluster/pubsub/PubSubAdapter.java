package com.nocobase.cluster.pubsub;

/**
 * A broker for pub/sub. A bean of this type named {@code x} or {@code xPubSubAdapter} is
 * chosen by {@code nocobase.cluster.pubsub.adapter: x}.
 * <p>
 * An adapter moves bytes and nothing else: names, envelopes, debounce, backlogs and
 * transactions are the manager's.
 */
@FunctionalInterface
public interface PubSubAdapter {

	/**
	 * Connects. Called at the start of the application, and again at each later start
	 * after the earlier connection was closed. A broker that cannot be reached yet may
	 * stop the start by an exception, or connect later; until then publishing throws.
	 * @param inbox gets what is published on the channels that are subscribed to
	 * @return the connection
	 */
	PubSubConnection connect(PubSubInbox inbox);

}
