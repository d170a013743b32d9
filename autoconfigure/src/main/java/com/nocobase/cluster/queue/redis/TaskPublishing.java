package com.nocobase.cluster.queue.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import com.nocobase.cluster.queue.TaskMessage;
import com.nocobase.cluster.redis.RedisNames;
import com.nocobase.cluster.redis.RedisServer;

/**
 * Publishes tasks of one channel, those that come at the same time with one call.
 */
final class TaskPublishing {

	private static final byte[] NOTHING = {};

	private final QueueSession session;

	private final RedisServer server;

	private final QueueScripts scripts;

	private final byte[][] plainKeys;

	private final byte[][] anyKeys;

	private final GroupedCalls<TaskMessage, Boolean> calls;

	TaskPublishing(ChannelKeys keys, QueueSession session, RedisQueueServer queue) {
		this.session = session;
		this.server = queue.server();
		this.scripts = queue.scripts();
		this.plainKeys = keys.publish(session.lane("publish"));
		this.anyKeys = keys.all(session.lane("publish"));
		this.calls = new GroupedCalls<>(this::send, (task) -> task.frame().length);
	}

	/**
	 * Publishes a task.
	 * @param task the task
	 * @return completed when the server has it; cancelled to give it up
	 */
	CompletableFuture<Boolean> publish(TaskMessage task) {
		return this.calls.ask(task);
	}

	private CompletableFuture<List<Boolean>> send(List<TaskMessage> tasks) {
		boolean plain = tasks.stream().allMatch(TaskPublishing::isPlain);
		List<byte[]> args = new ArrayList<>(2 + 5 * tasks.size());
		args.add(RedisNames.bytes(this.session.number()));
		for (TaskMessage task : tasks) {
			args.add(RedisNames.bytes(task.id()));
			args.add(task.frame());
			if (!plain) {
				Duration window = task.dedupWindow();
				args.add(RedisNames.bytes(Settling.millis(task.delay())));
				args.add(RedisNames.bytes(task.priority()));
				args.add((window != null) ? RedisNames.bytes(Settling.millis(window)) : NOTHING);
			}
		}
		return this.server
			.send(plain ? this.scripts.publish : this.scripts.publishAny, plain ? this.plainKeys : this.anyKeys,
					args.toArray(byte[][]::new))
			.thenApply((stored) -> Collections.nCopies(tasks.size(), true));
	}

	private static boolean isPlain(TaskMessage task) {
		return task.delay().isZero() && task.priority() == 0 && task.dedupWindow() == null;
	}

}
