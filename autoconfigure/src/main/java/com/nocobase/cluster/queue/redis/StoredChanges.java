package com.nocobase.cluster.queue.redis;

import com.nocobase.cluster.redis.RedisNames;
import com.nocobase.cluster.redis.RedisServer;

/**
 * Changes of tasks that nobody has. Each is a call with a lane of its own, so any number
 * of threads may make them.
 */
final class StoredChanges {

	/** Most dead letters that one script changes; more would hold up the server. */
	private static final int LETTERS = 500;

	private final ChannelKeys keys;

	private final QueueSession session;

	private final RedisServer server;

	private final QueueScripts scripts;

	StoredChanges(ChannelKeys keys, QueueSession session, RedisQueueServer queue) {
		this.keys = keys;
		this.session = session;
		this.server = queue.server();
		this.scripts = queue.scripts();
	}

	/**
	 * Retries or discards dead letters, oldest first.
	 * @param retry whether to retry them
	 * @param most how many at most
	 * @param only id of the only one that is meant, or an empty text
	 * @return how many
	 */
	int dead(boolean retry, int most, String only) {
		int changed = 0;
		int part;
		int asked;
		do {
			asked = Math.min(LETTERS, most - changed);
			String number = this.session.number();
			part = number(this.server.run(this.scripts.dead, this.keys.all(this.session.lane("dead-" + number)),
					RedisNames.bytes(number), RedisNames.bytes(retry ? "R" : "D"), RedisNames.bytes(asked),
					RedisNames.bytes(only)));
			changed += part;
		}
		while (part == asked && changed < most);
		return changed;
	}

	/**
	 * Cancels a task that waits or is delayed.
	 * @param id id of the task
	 * @return whether it was one
	 */
	boolean cancel(String id) {
		String number = this.session.number();
		return number(this.server.run(this.scripts.cancel, this.keys.all(this.session.lane("cancel-" + number)),
				RedisNames.bytes(number), RedisNames.bytes(id))) > 0;
	}

	private static int number(byte[] text) {
		return Integer.parseInt(RedisNames.text(text));
	}

}
