package com.nocobase.cluster.queue.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import com.nocobase.cluster.queue.Backoff;
import com.nocobase.cluster.queue.Priority;
import com.nocobase.cluster.queue.QueueCluster;
import com.nocobase.cluster.queue.QueueNode;
import com.nocobase.cluster.queue.QueueOptions;
import com.nocobase.cluster.queue.TaskInfo;
import com.nocobase.cluster.queue.TaskLookup;
import com.nocobase.cluster.queue.TaskOptions;
import com.nocobase.cluster.queue.TaskReceipt;
import com.nocobase.cluster.queue.TaskState;
import com.nocobase.cluster.redis.RedisProcess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * How the instances of an application share its tasks, and what becomes of slow, failing
 * and cancelled ones.
 */
@Timeout(60)
class RedisQueueFairnessTests {

	private static final int COUNT = 1_000;

	private final RedisProcess redis = RedisProcess.start();

	private final QueueCluster cluster = new QueueCluster(new RedisTestBroker(this.redis.properties()));

	private final CountDownLatch release = new CountDownLatch(1);

	@AfterEach
	void stop() {
		this.release.countDown();
		this.cluster.close();
		this.redis.close();
	}

	private static void pass(Duration time) {
		long end = System.nanoTime() + time.toNanos();
		for (long left = time.toNanos(); left > 0; left = end - System.nanoTime()) {
			LockSupport.parkNanos(left);
		}
	}

	private static void publish(QueueNode node, int count) {
		IntStream.range(0, count)
			.mapToObj((i) -> node.queue().publishAsync("work", i, TaskOptions.DEFAULTS))
			.toList()
			.forEach((each) -> each.confirmed().join());
	}

	@Test
	void eachInstanceDoesItsShare() {
		QueueNode publisher = this.cluster.node();
		List<AtomicInteger> shares = new ArrayList<>();
		for (QueueNode node : this.cluster.nodes(3)) {
			AtomicInteger share = new AtomicInteger();
			shares.add(share);
			node.queue()
				.subscribe("work", Integer.class, QueueOptions.DEFAULTS.withConcurrency(4), (number, context) -> {
					pass(Duration.ofMillis(2));
					share.incrementAndGet();
				});
		}

		publish(publisher, COUNT);

		await().atMost(Duration.ofSeconds(20))
			.untilAsserted(() -> assertThat(shares.stream().mapToInt(AtomicInteger::get).sum()).isEqualTo(COUNT));
		System.out.printf("%d tasks, shares of 3 instances: %s%n", COUNT, shares);
		assertThat(shares).allMatch((share) -> share.get() >= COUNT / 5);
	}

	@Test
	void whatWasTakenAheadIsNotGivenBackWhileItIsWorkedOff() {
		QueueNode node = this.cluster.node();
		AtomicInteger done = new AtomicInteger();
		publish(node, COUNT / 3);

		node.queue().subscribe("work", Integer.class, (number, context) -> {
			pass(Duration.ofMillis(3));
			done.incrementAndGet();
		});

		await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertThat(done).hasValue(COUNT / 3));
		assertThat(calls("rpush")).as("tasks given back").isLessThan(COUNT / 15);
	}

	private int calls(String command) {
		return this.redis.command("INFO", "commandstats")
			.lines()
			.filter((line) -> line.startsWith("cmdstat_" + command + ":"))
			.mapToInt((line) -> Integer.parseInt(line.substring(line.indexOf('=') + 1, line.indexOf(','))))
			.sum();
	}

	@Test
	void manyBigDelayedAndImportantTasksAreDoneOnceEach() {
		QueueNode node = this.cluster.node();
		QueueNode other = this.cluster.node();
		Priority priority = node.bean(Priority.class);
		String big = "x".repeat(1_000_000);
		for (int i = 0; i < COUNT; i++) {
			TaskOptions options = TaskOptions.DEFAULTS.withTimeout(Duration.ofMinutes(1))
				.withMaxRetries(1)
				.withBackoff(Backoff.fixed(Duration.ofMillis(i % 3)));
			options = (i % 2 == 0) ? options.withDelay(Duration.ofMillis(300)) : options;
			options = (i % 5 == 0) ? priority.withPriority(options, 1 + i % 9) : options;
			node.queue().publishAsync("work", i + ((i % 50 == 0) ? big : ""), options);
		}
		Map<String, AtomicInteger> runs = new ConcurrentHashMap<>();
		for (QueueNode each : List.of(node, other)) {
			each.queue().subscribe("work", String.class, QueueOptions.DEFAULTS.withConcurrency(0), (text, context) -> {
				runs.computeIfAbsent(text.replace("x", ""), (key) -> new AtomicInteger()).incrementAndGet();
				if (context.attempt() == 1) {
					throw new IllegalStateException("no luck");
				}
			});
		}

		await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
			assertThat(runs).hasSize(COUNT);
			assertThat(QueueKeys.unfinished(this.redis)).isEmpty();
		});
		assertThat(runs.values()).allMatch((count) -> count.get() == 2);
	}

	@Test
	void handlerTenTimesSlowerThanItsOwnershipIsNeverDoubled() {
		Map<String, Object> settings = Map.of("nocobase.cluster.queue.ownership", "300ms");
		List<QueueNode> nodes = List.of(this.cluster.node(settings), this.cluster.node(settings));
		Map<Integer, AtomicInteger> runs = new ConcurrentHashMap<>();
		AtomicInteger done = new AtomicInteger();
		for (QueueNode node : nodes) {
			node.queue()
				.subscribe("work", Integer.class, QueueOptions.DEFAULTS.withConcurrency(COUNT / 4),
						(number, context) -> {
							runs.computeIfAbsent(number, (key) -> new AtomicInteger()).incrementAndGet();
							pass(Duration.ofSeconds(3));
							done.incrementAndGet();
						});
		}

		publish(nodes.get(0), COUNT);

		await().atMost(Duration.ofSeconds(40)).untilAsserted(() -> assertThat(done).hasValue(COUNT));
		await().atMost(Duration.ofSeconds(5)).until(() -> QueueKeys.unfinished(this.redis).isEmpty());
		assertThat(runs).hasSize(COUNT);
		assertThat(runs.values()).allMatch((count) -> count.get() == 1);
		assertThat(nodes).allMatch((node) -> node.signals("queue.rejected") == 0);
	}

	@Test
	void cancelOfARunningTaskReachesItsInstance() throws InterruptedException {
		QueueNode worker = this.cluster.node();
		QueueNode other = this.cluster.node();
		CountDownLatch started = new CountDownLatch(1);
		AtomicBoolean told = new AtomicBoolean();
		worker.queue().subscribe("work", Integer.class, (number, context) -> {
			context.onCancel(() -> told.set(true));
			started.countDown();
			await().until(context::cancelled);
		});
		TaskReceipt task = other.queue().publish("work", 1);
		assertThat(started.await(5, TimeUnit.SECONDS)).isTrue();

		assertThat(other.queue().cancel(task.id())).isTrue();

		TaskLookup lookup = other.bean(TaskLookup.class);
		await()
			.untilAsserted(() -> assertThat(lookup.find(task.id())).map(TaskInfo::state).contains(TaskState.CANCELED));
		await().until(told::get);
		assertThat(other.queue().cancel(task.id())).isFalse();
		assertThat(lookup.cancel(task.id())).isFalse();
		assertThat(QueueKeys.unfinished(this.redis)).isEmpty();
	}

	@Test
	void waitingDelayedAndFinishedTasksAreNotRunning() {
		QueueNode node = this.cluster.node();
		QueueNode other = this.cluster.node();
		TaskLookup lookup = other.bean(TaskLookup.class);
		TaskReceipt finished = node.queue().publish("work", 0);
		node.queue().subscribe("work", Integer.class, (number, context) -> {
		}).close();
		Set<Integer> done = ConcurrentHashMap.newKeySet();
		node.queue().subscribe("work", Integer.class, (number, context) -> done.add(number)).close();
		TaskReceipt waiting = node.queue().publish("work", 1);
		TaskReceipt delayed = node.queue().publish("work", 2, TaskOptions.DEFAULTS.withDelay(Duration.ofMillis(200)));
		TaskReceipt important = node.queue()
			.publish("work", 3, node.bean(Priority.class).withPriority(TaskOptions.DEFAULTS, 9));

		for (TaskReceipt each : List.of(waiting, delayed, important)) {
			assertThat(other.queue().cancel(each.id())).isFalse();
			assertThat(lookup.cancel(each.id())).isTrue();
			assertThat(lookup.cancel(each.id())).isFalse();
			assertThat(lookup.find(each.id())).map(TaskInfo::state).contains(TaskState.CANCELED);
		}
		node.queue().subscribe("work", Integer.class, (number, context) -> done.add(number));
		await()
			.until(() -> lookup.find(finished.id()).filter((task) -> task.state() == TaskState.SUCCEEDED).isPresent());
		assertThat(other.queue().cancel(finished.id())).isFalse();
		assertThat(lookup.cancel(finished.id())).isFalse();
		pass(Duration.ofMillis(300));
		assertThat(done).isSubsetOf(0);
		assertThat(QueueKeys.unfinished(this.redis)).isEmpty();
	}

	@Test
	void taskThatAlwaysFailsRunsAsOftenAsToldInGrowingIntervals() {
		QueueNode node = this.cluster.node();
		QueueNode other = this.cluster.node();
		Queue<Long> runs = new ConcurrentLinkedQueue<>();
		for (QueueNode each : List.of(node, other)) {
			each.queue().subscribe("work", Integer.class, (number, context) -> {
				runs.add(System.nanoTime());
				throw new IllegalStateException("no luck with " + context.attempt());
			});
		}
		TaskOptions options = TaskOptions.DEFAULTS.withMaxRetries(3)
			.withBackoff(new Backoff(Duration.ofMillis(100), 3, Duration.ofSeconds(10), 0));

		String id = other.queue().publish("work", 1, options).id();

		TaskLookup lookup = other.bean(TaskLookup.class);
		await().untilAsserted(() -> assertThat(lookup.deadLetters("work", 10)).singleElement().satisfies((letter) -> {
			assertThat(letter.id()).isEqualTo(id);
			assertThat(letter.attempts()).isEqualTo(4);
			assertThat(letter.error()).contains("no luck with 4");
		}));
		List<Long> times = List.copyOf(runs);
		assertThat(times).hasSize(4);
		List<Long> pauses = IntStream.range(1, 4)
			.mapToObj((i) -> TimeUnit.NANOSECONDS.toMillis(times.get(i) - times.get(i - 1)))
			.toList();
		System.out.printf("Pauses between attempts, in ms: %s%n", pauses);
		assertThat(pauses.get(0)).isGreaterThanOrEqualTo(99);
		assertThat(pauses.get(1)).isGreaterThanOrEqualTo(299);
		assertThat(pauses.get(2)).isGreaterThanOrEqualTo(899);
		assertThat(node.queue().deadLetters("work").retry(10)).isEqualTo(1);
		await().untilAsserted(() -> assertThat(runs).hasSizeGreaterThan(4));
		await().untilAsserted(() -> assertThat(lookup.deadLetters("work", 10)).hasSize(1));
		assertThat(runs).hasSize(8);
	}

	@Test
	void channelsOfStrangeNamesDoNotMeet() {
		QueueNode node = this.cluster.node();
		QueueNode other = this.cluster.node();
		List<String> names = List.of("work", "*", "w?rk", "[a-z]ork", "{work}", "a}b", "a{b", "a}", "}", "{}", "a:b",
				"a@b", "a%3Ab", "a\nb", "a\r\nb", "a\0b", "\0", "a|b#c", "a;b", "grüße", "\uD83D\uDE80",
				"\uD83D\uDE80\uD83D\uDE80", "wait", "work}wait", "work}tasks", " a", "a ", "x".repeat(200));
		Map<String, Queue<String>> done = new ConcurrentHashMap<>();
		for (String name : names) {
			Queue<String> mine = new ConcurrentLinkedQueue<>();
			done.put(name, mine);
			node.queue().subscribe(name, String.class, (text, context) -> mine.add(text));
		}

		for (String name : names) {
			other.queue().publish(name, name);
			other.queue().publish(name, name + " later", TaskOptions.DEFAULTS.withDelay(Duration.ofMillis(50)));
		}

		await().untilAsserted(() -> assertThat(done.values()).allMatch((texts) -> texts.size() >= 2));
		done.forEach((name, texts) -> assertThat(texts).as("of '%s'", name).containsExactly(name, name + " later"));
		TaskLookup lookup = other.bean(TaskLookup.class);
		node.close();
		for (String name : names) {
			String id = other.queue().publish(name, name).id();
			assertThat(lookup.depth(name)).as("of '%s'", name).isEqualTo(1);
			assertThat(lookup.find(id)).map(TaskInfo::channel).contains(name);
		}
	}

}
