package com.nocobase.cluster.queue.redis;

import java.util.List;

import com.nocobase.cluster.redis.RedisScript;
import com.nocobase.cluster.redis.RedisServer;

/**
 * The scripts of the queue. A call that the driver has sent again is recognised and
 * answered with the first result, or finds nothing more to do.
 */
final class QueueScripts {

	private static final String EXACT = "EXACT";

	private static final String KEYS = "keys.lua";

	private static final String LINES = "lines.lua";

	private static final String REPEATED = "repeated.lua";

	private static final String REMEMBER = "remember.lua";

	private static final String RELEASE = "release.lua";

	final RedisScript<Long> publish;

	final RedisScript<Long> publishAny;

	final RedisScript<List<Object>> take = RedisScript.ofList(QueueScripts.class, "take.lua");

	final RedisScript<byte[]> complete = RedisScript.ofText(QueueScripts.class, "complete-keys.lua", REPEATED, REMEMBER,
			"complete.lua");

	final RedisScript<byte[]> settle;

	final RedisScript<Long> leave;

	final RedisScript<Long> still;

	final RedisScript<Long> promote;

	final RedisScript<List<Object>> sweep;

	final RedisScript<Long> progress = RedisScript.ofNumber(QueueScripts.class, KEYS, "progress.lua");

	final RedisScript<Long> marker;

	final RedisScript<Long> reconcile;

	final RedisScript<byte[]> dead;

	final RedisScript<byte[]> cancel;

	final RedisScript<List<Object>> letters = RedisScript.ofList(QueueScripts.class, KEYS, "letters.lua");

	final RedisScript<List<Object>> find = RedisScript.ofList(QueueScripts.class, KEYS, "find.lua");

	final RedisScript<List<Object>> backlog = RedisScript.ofList(QueueScripts.class, KEYS, "backlog.lua");

	QueueScripts(RedisServer server) {
		// Only a single server tells how many a message reaches.
		boolean exact = !server.isCluster();
		this.publish = number(exact, "publish.lua");
		this.publishAny = number(exact, KEYS, LINES, "publish-any.lua");
		this.settle = text(exact, KEYS, REPEATED, LINES, REMEMBER, "settle.lua");
		this.leave = number(exact, KEYS, LINES, RELEASE, "leave.lua");
		this.still = number(exact, KEYS, LINES, "still.lua");
		this.promote = number(exact, KEYS, LINES, "promote.lua");
		this.sweep = RedisScript.ofList(QueueScripts.class, KEYS, LINES, RELEASE, "sweep.lua").with(EXACT, exact);
		this.marker = number(exact, KEYS, LINES, "marker.lua");
		this.reconcile = number(exact, KEYS, LINES, "reconcile.lua");
		this.dead = text(exact, KEYS, REPEATED, LINES, "dead.lua");
		this.cancel = text(exact, KEYS, REPEATED, LINES, REMEMBER, "cancel.lua");
	}

	private static RedisScript<Long> number(boolean exact, String... files) {
		return RedisScript.ofNumber(QueueScripts.class, files).with(EXACT, exact);
	}

	private static RedisScript<byte[]> text(boolean exact, String... files) {
		return RedisScript.ofText(QueueScripts.class, files).with(EXACT, exact);
	}

}
