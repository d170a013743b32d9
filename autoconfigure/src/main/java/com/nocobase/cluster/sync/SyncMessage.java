package com.nocobase.cluster.sync;

import java.time.Instant;

/**
 * A sync message as its receiver sees it. Immutable.
 */
public interface SyncMessage {

	/**
	 * Returns the logical type, see {@link com.nocobase.cluster.message.MessageType}.
	 * @return the type
	 */
	String type();

	/**
	 * Returns whether the message has the logical type of a class.
	 * @param type the class
	 * @return whether {@link #as} can read it as that
	 */
	boolean is(Class<?> type);

	/**
	 * Reads the message.
	 * @param <T> the type of the result
	 * @param type a class with the message's logical type, or {@code Map} or
	 * {@code JsonNode}
	 * @return the message
	 * @throws com.nocobase.cluster.message.PayloadException if it is of another type or
	 * cannot be read
	 */
	<T> T as(Class<T> type);

	/**
	 * Returns the channel, as its subscriber named it.
	 * @return the channel
	 */
	String channel();

	/**
	 * Returns the id of the instance that published it.
	 * @return the instance id
	 */
	String sender();

	/**
	 * Returns when it was published, by the sender's clock.
	 * @return the time
	 */
	Instant sentAt();

}
