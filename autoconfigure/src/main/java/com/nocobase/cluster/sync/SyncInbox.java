package com.nocobase.cluster.sync;

/**
 * What an adapter tells the manager. Calls return at once and never throw; all but
 * {@link #told} come one after the other, in the order of the log.
 */
public interface SyncInbox {

	/**
	 * Called with each message of the log, this instance's own ones too.
	 * @param channel the channel
	 * @param position where it is in the log
	 * @param message the message
	 */
	void received(String channel, SyncPosition position, byte[] message);

	/**
	 * Called when messages of the log cannot be read any more: this instance was away
	 * longer than they are kept, or the server lost its data.
	 * @param upTo the position from which reading goes on
	 */
	void missed(SyncPosition upTo);

	/**
	 * Called with what another instance {@linkplain SyncConnection#tell tells} this one.
	 * @param message the message
	 */
	void told(byte[] message);

	/**
	 * Called when the connection is lost.
	 */
	void lost();

	/**
	 * Called when the connection is back.
	 */
	void restored();

}
