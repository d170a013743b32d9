package com.nocobase.cluster.sync;

/**
 * An instance's connection to the log. It comes back by itself after a lost connection
 * and reads on from where it was. Safe from any thread.
 */
public interface SyncConnection extends AutoCloseable {

	/**
	 * Returns the position that was taken when connecting.
	 * @return the end of the log at that time
	 */
	SyncPosition position();

	/**
	 * Begins to read, from the position taken when connecting. Called once.
	 */
	void read();

	/**
	 * Appends to the log and returns when the log has the message.
	 * @param channel the channel
	 * @param message the message; not changed by anybody
	 * @return where it is in the log
	 * @throws RuntimeException if the log does not have it
	 */
	SyncPosition send(String channel, byte[] message);

	/**
	 * Passes a message to the inbox of one instance, beside the log and at most once. It
	 * may be lost; who needs the answer asks again.
	 * @param instanceId id of the instance
	 * @param message the message
	 * @throws RuntimeException if there is no connection
	 */
	void tell(String instanceId, byte[] message);

	/**
	 * Disconnects. Nothing reaches the inbox after this method has returned.
	 */
	@Override
	void close();

}
