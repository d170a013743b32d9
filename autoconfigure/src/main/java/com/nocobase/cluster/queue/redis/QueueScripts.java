package com.nocobase.cluster.queue.redis;

import java.util.List;

import com.nocobase.cluster.redis.RedisScript;
import com.nocobase.cluster.redis.RedisServer;

/**
 * The scripts of the queue. Each that changes anything recognises a call that the driver
 * has sent again, and answers it with the first result.
 */
final class QueueScripts {

	private static final String PRELUDE = "queue.lua";

	final RedisScript<Long> publish;

	final RedisScript<List<Object>> take;

	final RedisScript<byte[]> settle;

	final RedisScript<Long> leave;

	final RedisScript<Long> still;

	final RedisScript<List<Object>> sweep;

	final RedisScript<Long> progress = RedisScript.ofNumber(QueueScripts.class, PRELUDE, "progress.lua");

	final RedisScript<Long> dead;

	final RedisScript<Long> cancel;

	final RedisScript<List<Object>> letters = RedisScript.ofList(QueueScripts.class, PRELUDE, "letters.lua");

	final RedisScript<List<Object>> find = RedisScript.ofList(QueueScripts.class, PRELUDE, "find.lua");

	final RedisScript<List<Object>> backlog = RedisScript.ofList(QueueScripts.class, PRELUDE, "backlog.lua");

	QueueScripts(RedisServer server) {
		// Only a single server tells how many a message reaches.
		boolean exact = !server.isCluster();
		this.publish = number("publish.lua", exact);
		this.take = list("take.lua", exact);
		this.settle = RedisScript.ofText(QueueScripts.class, PRELUDE, "settle.lua").with("EXACT", exact);
		this.leave = number("leave.lua", exact);
		this.still = number("still.lua", exact);
		this.sweep = list("sweep.lua", exact);
		this.dead = number("dead.lua", exact);
		this.cancel = number("cancel.lua", exact);
	}

	private static RedisScript<Long> number(String file, boolean exact) {
		return RedisScript.ofNumber(QueueScripts.class, PRELUDE, file).with("EXACT", exact);
	}

	private static RedisScript<List<Object>> list(String file, boolean exact) {
		return RedisScript.ofList(QueueScripts.class, PRELUDE, file).with("EXACT", exact);
	}

}
