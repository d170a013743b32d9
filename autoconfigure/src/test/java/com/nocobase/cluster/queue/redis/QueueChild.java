package com.nocobase.cluster.queue.redis;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.data.redis.core.StringRedisTemplate;

import com.nocobase.cluster.autoconfigure.ClusterRedisAutoConfiguration;
import com.nocobase.cluster.message.Instance;
import com.nocobase.cluster.queue.QueueCluster;
import com.nocobase.cluster.queue.QueueNode;
import com.nocobase.cluster.queue.QueueOptions;
import com.nocobase.cluster.queue.QueueTestBroker;
import com.nocobase.cluster.queue.TaskOptions;
import com.nocobase.cluster.redis.RedisProcess;
import com.nocobase.cluster.support.ChildJvm;

/**
 * An instance in a JVM of its own that publishes and does tasks, numbers all of them. It
 * counts its runs at the server, where they are when it is killed.
 */
public final class QueueChild {

	static final String RUNS = "runs";

	private static final TaskOptions OPTIONS = TaskOptions.DEFAULTS.withTimeout(Duration.ofMinutes(1));

	private final QueueNode node;

	private final StringRedisTemplate redis;

	private QueueChild(QueueNode node) {
		this.node = node;
		this.redis = node.bean(StringRedisTemplate.class);
	}

	static ChildJvm start(RedisProcess redis, String app, String... settings) {
		return ChildJvm.start(QueueChild.class, args(redis, app, settings));
	}

	static List<String> args(RedisProcess redis, String app, String... settings) {
		return Stream.of(Stream.of(app), Stream.of(redis.properties()), Stream.of(settings))
			.flatMap((each) -> each)
			.toList();
	}

	/**
	 * Runs the instance.
	 * @param args name of the application, and settings
	 * @throws Exception if it does not start
	 */
	public static void main(String[] args) throws Exception {
		ChildJvm.serve(() -> {
			String[] settings = List.of(args).subList(1, args.length).toArray(String[]::new);
			return new QueueChild(new QueueCluster(new Direct()).nodeOf(args[0], settings))::answer;
		});
	}

	private String answer(String request) {
		String[] words = request.split(" ");
		return switch (words[0]) {
			case "publish" -> publish(Integer.parseInt(words[1]), Integer.parseInt(words[2]));
			case "flood" -> flood(Integer.parseInt(words[1]));
			case "work" -> work(Integer.parseInt(words[1]), Duration.ofMillis(Long.parseLong(words[2])));
			case "count" -> Integer.toString(this.node.signals(words[1]));
			default -> throw new IllegalArgumentException(request);
		};
	}

	private String publish(int from, int to) {
		IntStream.range(from, to).forEach((number) -> this.node.queue().publish("work", number, OPTIONS));
		return "published";
	}

	/**
	 * Publishes as fast as it can.
	 * @param count how many tasks
	 * @return how many a second in each fifth of them
	 */
	private String flood(int count) {
		Map<String, String> task = Map.of("text", "x".repeat(180));
		StringBuilder rates = new StringBuilder();
		for (int fifth = 0; fifth < 5; fifth++) {
			long begun = System.nanoTime();
			for (int i = 0; i < count / 5; i++) {
				this.node.queue().publishAsync("flood", task, TaskOptions.DEFAULTS);
			}
			rates.append((long) (count / 5 / ((System.nanoTime() - begun) / 1e9))).append(' ');
		}
		this.node.queue().publish("flood", task);
		return rates.toString().strip();
	}

	private String work(int concurrency, Duration time) {
		this.node.queue()
			.subscribe("work", Integer.class, QueueOptions.DEFAULTS.withConcurrency(concurrency), (number, context) -> {
				this.redis.opsForHash().increment(RUNS, number.toString(), 1);
				LockSupport.parkNanos(time.toNanos());
			});
		return "working";
	}

	/**
	 * The server without a network of the test's own.
	 */
	private static final class Direct implements QueueTestBroker {

		@Override
		public void connect(GenericApplicationContext context, Map<String, Object> properties) {
			properties.put("nocobase.cluster.queue.adapter", "redis");
		}

		@Override
		public List<Class<?>> configurations() {
			return List.of(DataRedisAutoConfiguration.class, ClusterRedisAutoConfiguration.class);
		}

		@Override
		public void crash(Instance instance) {
			throw new UnsupportedOperationException("Kill it");
		}

	}

}
