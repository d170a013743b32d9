package com.nocobase.cluster.queue.redis;

import com.nocobase.cluster.redis.RedisNames;

/**
 * The keys of one channel, all in one hash tag, so that one script can change them all
 * also in a Redis Cluster.
 */
final class ChannelKeys {

	/** In the order in which {@code queue.lua} names them; the first one is a lane's. */
	private static final String[] NAMES = { "tasks", "running", "meta", "over", "over:order", "dead", "dead:order",
			"delayed", "ages", "window", "idle", "owners", "progress", "wait", "important", "seq" };

	private static final int RUNNING = 2;

	private static final int WAIT = 14;

	private final String tag;

	private final byte[][] keys = new byte[NAMES.length + 1][];

	/**
	 * Names the keys of a channel.
	 * @param channel the channel, scoped by the application or shared
	 */
	ChannelKeys(String channel) {
		int scope = channel.indexOf(':');
		this.tag = "{" + channel.substring(0, scope) + ":q:" + channel.substring(scope + 1) + "}";
		for (int i = 0; i < NAMES.length; i++) {
			this.keys[i + 1] = RedisNames.bytes(this.tag + NAMES[i]);
		}
	}

	/**
	 * Returns all keys for a script.
	 * @param lane on which a call that is repeated is recognised; calls of one lane come
	 * one after the other
	 * @return the keys
	 */
	byte[][] all(String lane) {
		byte[][] all = this.keys.clone();
		all[0] = RedisNames.bytes(this.tag + "last:" + lane);
		return all;
	}

	/**
	 * Returns the hash of who has which task.
	 * @return the key
	 */
	byte[] running() {
		return this.keys[RUNNING];
	}

	/**
	 * Returns the line of those that wait, by which scripts name the channel.
	 * @return the key
	 */
	String line() {
		return RedisNames.text(this.keys[WAIT]);
	}

}
