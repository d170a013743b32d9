package com.nocobase.cluster.redis;

/**
 * Told when the one subscription of a server is lost and heard again. Calls come one
 * after the other, on a thread of their own.
 */
public interface RedisLinkListener {

	/**
	 * Called when the subscription is lost: its connection broke, or has been silent for
	 * longer than {@code nocobase.cluster.redis.max-silence}.
	 */
	void lost();

	/**
	 * Called when it is heard again: all channels are subscribed to, and what was
	 * published since about the loss was missed.
	 */
	void restored();

}
