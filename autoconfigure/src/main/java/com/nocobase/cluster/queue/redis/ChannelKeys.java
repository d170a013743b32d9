package com.nocobase.cluster.queue.redis;

import com.nocobase.cluster.message.Names;
import com.nocobase.cluster.redis.RedisNames;

/**
 * The keys of one channel, all in one hash tag, so that one script can change them all
 * also in a Redis Cluster.
 */
final class ChannelKeys {

	/** In the order in which {@code keys.lua} names them; the first one is a lane's. */
	private static final String[] NAMES = { "tasks", "running", "over", "dead", "dead:order", "delayed", "ages",
			"window", "idle", "owners", "suspects", "progress", "wait", "important", "seq" };

	private static final int TASKS = 1;

	private static final int RUNNING = 2;

	private static final int OVER = 3;

	private static final int DELAYED = 6;

	private static final int AGES = 7;

	private static final int IDLE = 9;

	private static final int OWNERS = 10;

	private static final int WAIT = 13;

	private static final int IMPORTANT = 14;

	private final String tag;

	private final byte[][] keys = new byte[NAMES.length + 1][];

	/**
	 * Names the keys of a channel.
	 * @param channel the channel, scoped by the application or shared
	 */
	ChannelKeys(String channel) {
		int scope = channel.indexOf(':');
		// A colon harms nothing here, and names with one are usual.
		String name = Names.escape(channel.substring(scope + 1)).replace("%3A", ":");
		this.tag = "{" + channel.substring(0, scope) + ":q:" + name + "}";
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
		all[0] = last(lane);
		return all;
	}

	/**
	 * Returns the keys of {@code publish.lua}.
	 * @param lane the lane
	 * @return the keys
	 */
	byte[][] publish(String lane) {
		return some(lane, TASKS, RUNNING, IDLE, OWNERS, WAIT);
	}

	/**
	 * Returns the keys of {@code take.lua}.
	 * @param lane the lane
	 * @return the keys
	 */
	byte[][] take(String lane) {
		return some(lane, TASKS, RUNNING, IDLE, OWNERS, WAIT, DELAYED, IMPORTANT, AGES);
	}

	/**
	 * Returns the keys of {@code complete.lua}.
	 * @param lane the lane
	 * @return the keys
	 */
	byte[][] complete(String lane) {
		return some(lane, TASKS, RUNNING, OVER);
	}

	private byte[][] some(String lane, int... which) {
		byte[][] some = new byte[which.length + 1][];
		some[0] = last(lane);
		for (int i = 0; i < which.length; i++) {
			some[i + 1] = this.keys[which[i]];
		}
		return some;
	}

	private byte[] last(String lane) {
		return RedisNames.bytes(this.tag + "last:" + lane);
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
