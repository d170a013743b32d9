package com.nocobase.cluster.queue.rabbit;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import com.nocobase.cluster.message.Instance;
import com.nocobase.cluster.message.Names;
import com.nocobase.cluster.rabbit.RabbitNames;
import com.nocobase.cluster.rabbit.RabbitServer;

/**
 * The queues of all channels, declared before their first use. Their arguments never
 * change, as the broker refuses others for the same name: old and new instances have to
 * meet in them.
 */
final class TaskQueues {

	/** A delay above that is waited for in steps; RabbitMQ counts up to 49 days. */
	static final Duration LONGEST_DELAY = Duration.ofDays(30);

	/**
	 * Only a lost connection makes the broker deliver again, and we count that ourselves.
	 * A task above the limit would be dropped, which is what 4.x does after 20.
	 */
	private static final int NO_DELIVERY_LIMIT = 1_000_000;

	private static final Duration FOR_EVER = Duration.ofDays(365);

	/** So often a queue of a delay is declared while it is in use. */
	private static final Duration STILL_IN_USE = Duration.ofSeconds(30);

	/**
	 * How long a queue of a delay outlives its last use. The broker counts that by the
	 * clock even while it is down, and drops the tasks in it with the queue.
	 */
	private static final Duration UNUSED = Duration.ofDays(1);

	private static final Map<String, Object> TASKS = Map.of("x-queue-type", "quorum", "x-delivery-limit",
			NO_DELIVERY_LIMIT, "x-queue-leader-locator", "balanced");

	private final RabbitServer server;

	private final int scope;

	private final Map<String, String> names = new ConcurrentHashMap<>();

	TaskQueues(RabbitServer server, Instance instance) {
		this.server = server;
		this.scope = Names.scoped(instance.app(), "").length();
	}

	/**
	 * Returns the queue of tasks that are due.
	 * @param channel the channel
	 * @return name of the declared queue
	 */
	String due(String channel) {
		String name = this.names.get(channel);
		if (name == null) {
			name = name("queue", channel);
			this.names.put(channel, name);
		}
		this.server.declareQueue(name, TASKS, FOR_EVER);
		return name;
	}

	/**
	 * Returns the queue of dead letters.
	 * @param channel the channel
	 * @return name of the declared queue
	 */
	String dead(String channel) {
		String name = name("dead", channel);
		this.server.declareQueue(name, TASKS, FOR_EVER);
		return name;
	}

	/**
	 * Returns a queue whose tasks are due after a while. All of them wait equally long,
	 * so that none waits behind another one, and none blocks those that are due.
	 * @param channel the channel
	 * @param delay at most {@link #LONGEST_DELAY}
	 * @return name of the declared queue
	 */
	String delayed(String channel, Duration delay) {
		long millis = rounded(delay);
		String name = name("delay-" + millis, channel);
		Map<String, Object> arguments = Map.of("x-queue-type", "quorum", "x-message-ttl", millis, "x-expires",
				millis + UNUSED.toMillis(), "x-dead-letter-exchange", "", "x-dead-letter-routing-key", due(channel),
				"x-dead-letter-strategy", "at-least-once", "x-overflow", "reject-publish", "x-queue-leader-locator",
				"balanced");
		this.server.declareQueue(name, arguments, STILL_IN_USE);
		return name;
	}

	/**
	 * Rounds a delay up to two significant digits, so that there are few queues.
	 * @param delay the delay
	 * @return milliseconds
	 */
	static long rounded(Duration delay) {
		long millis = Math.max(1, delay.plusNanos(999_999).toMillis());
		long step = 1;
		while (millis / step >= 100) {
			step *= 10;
		}
		return (millis + step - 1) / step * step;
	}

	private String name(String kind, String channel) {
		boolean shared = channel.startsWith(Names.shared(""));
		return shared ? RabbitNames.shared(kind, channel.substring(Names.shared("").length()))
				: this.server.names().of(kind, channel.substring(this.scope));
	}

}
