package com.nocobase.cluster.queue.redis;

import java.util.List;
import java.util.Set;

import com.nocobase.cluster.redis.RedisProcess;

/**
 * The keys of all queues of a server of the test's own.
 */
final class QueueKeys {

	/** What stays when all tasks are over. */
	private static final Set<String> STAYS = Set.of("over", "idle", "owners", "suspects", "seq", "window", "channels");

	private static final String LIVE = "local live = 0 for _, task in ipairs(redis.call('HVALS', KEYS[1])) do "
			+ "live = live + (string.find(task, '^%d') and 1 or 0) end return live";

	private QueueKeys() {
	}

	/**
	 * Returns the keys in which there are tasks that are not over, or traces of them.
	 * @param redis the server
	 * @return the keys
	 */
	static List<String> unfinished(RedisProcess redis) {
		return redis.command("KEYS", "*:q*}*").lines().filter((key) -> {
			String name = key.substring(key.lastIndexOf('}') + 1);
			boolean traces = !name.isEmpty() && !name.startsWith("last:") && !STAYS.contains(name);
			return traces && !(name.equals("tasks") && redis.command("EVAL", LIVE, "1", key).equals("0"));
		}).toList();
	}

	/**
	 * Returns who has the running tasks of a channel, one for each.
	 * @param redis the server
	 * @param app name of the application
	 * @param channel name of the channel
	 * @return sessions and their calls
	 */
	static List<String> owners(RedisProcess redis, String app, String channel) {
		return redis.command("HVALS", "{" + app + ":q:" + channel + "}running")
			.lines()
			.filter((owner) -> !owner.isEmpty())
			.toList();
	}

}
