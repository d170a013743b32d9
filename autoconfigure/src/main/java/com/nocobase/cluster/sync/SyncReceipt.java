package com.nocobase.cluster.sync;

import java.time.Duration;

import com.nocobase.cluster.message.SendReceipt;

/**
 * What became of a sync message.
 */
public interface SyncReceipt extends SendReceipt {

	/**
	 * Waits until all other members that were live when the message was sent, and are
	 * subscribed to its channel, have handled it, but no longer than asked.
	 * @param timeout how long to wait, also for the commit
	 * @return who has and who has not; all empty if the message was not sent, all lagging
	 * if it has not been sent yet
	 * @throws IllegalStateException inside the transaction that the message waits for, or
	 * without {@link com.nocobase.cluster.member.ClusterMembers}
	 */
	SyncApplied awaitApplied(Duration timeout);

}
