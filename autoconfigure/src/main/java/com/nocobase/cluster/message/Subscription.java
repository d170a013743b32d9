package com.nocobase.cluster.message;

/**
 * Something that goes on until it is closed: a subscription, a listener. Safe from any
 * thread.
 */
@FunctionalInterface
public interface Subscription extends AutoCloseable {

	/**
	 * Ends it. Closing twice does nothing. A call under way goes on, no new one begins
	 * after this method has returned.
	 */
	@Override
	void close();

}
