package com.nocobase.cluster.sync;

/**
 * A log for sync messages. A bean of this type named {@code x} or {@code xSyncAdapter} is
 * chosen by {@code nocobase.cluster.sync.adapter: x}.
 * <p>
 * There is one log per application. Each instance reads all of it, from a position of its
 * own, so nobody takes a message away from anybody else. An adapter moves bytes and
 * nothing else: envelopes, debounce, retries, resync and transactions are the manager's.
 */
@FunctionalInterface
public interface SyncAdapter {

	/**
	 * Connects and takes the position at the end of the log: what is sent after this
	 * method has returned, and nothing before, will reach the inbox.
	 * @param inbox gets what is read
	 * @return the connection
	 * @throws RuntimeException if the position cannot be taken
	 */
	SyncConnection connect(SyncInbox inbox);

}
