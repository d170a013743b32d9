package com.nocobase.cluster.queue.redis;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import com.nocobase.cluster.queue.Backoff;
import com.nocobase.cluster.queue.EventQueue;
import com.nocobase.cluster.queue.QueueCluster;
import com.nocobase.cluster.queue.QueueNode;
import com.nocobase.cluster.queue.QueueOptions;
import com.nocobase.cluster.queue.TaskLookup;
import com.nocobase.cluster.queue.TaskOptions;
import com.nocobase.cluster.redis.OwnNetwork;
import com.nocobase.cluster.redis.QuickReconnects;
import com.nocobase.cluster.redis.RedisProcess;
import com.nocobase.cluster.redis.TcpProxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Connections that are lost between execution and reply, after which the driver sends the
 * call again.
 */
@Timeout(60)
class RedisQueueLostRepliesTests {

	private static final int COUNT = 1_000;

	private static final int ONE_BY_ONE = 100;

	private final RedisProcess redis = RedisProcess.start();

	private final QueueCluster cluster = new QueueCluster(new RedisTestBroker(this.redis.properties()));

	private final Map<Integer, AtomicInteger> runs = new ConcurrentHashMap<>();

	@AfterEach
	void stop() {
		this.cluster.close();
		this.redis.close();
	}

	private QueueNode node() {
		return this.cluster.node(
				Map.of("nocobase.cluster.queue.ownership", "30s", "nocobase.cluster.queue.publish-timeout", "40s",
						"nocobase.cluster.redis.timeout", "20s"),
				(context) -> context.registerBean(QuickReconnects.class));
	}

	private void work(QueueNode node) {
		node.queue().subscribe("work", Integer.class, QueueOptions.DEFAULTS.withConcurrency(4), (number, context) -> {
			if (number % 10 == 0 && context.attempt() == 1) {
				throw new IllegalStateException("no luck");
			}
			this.runs.computeIfAbsent(number, (key) -> new AtomicInteger()).incrementAndGet();
		});
	}

	private static TcpProxy network(QueueNode node) {
		return node.bean(OwnNetwork.class).proxy();
	}

	/** The first reply to each call is lost, the second one comes. */
	private static void loseEach(QueueNode node, String lane) {
		AtomicInteger seen = new AtomicInteger();
		network(node).dropReplies(Integer.MAX_VALUE, (request) -> request.contains("EVAL")
				&& request.contains("}last:" + lane) && seen.incrementAndGet() % 2 == 1);
	}

	private void assertEachRanOnce() {
		await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertThat(this.runs).hasSize(COUNT));
		await().during(Duration.ofMillis(200))
			.atMost(Duration.ofSeconds(5))
			.until(() -> QueueKeys.unfinished(this.redis).isEmpty());
		assertThat(this.runs.values()).allMatch((count) -> count.get() == 1);
	}

	@Test
	void noTaskIsPublishedTwiceOrLost() {
		QueueNode publisher = node();
		QueueNode worker = node();
		EventQueue queue = publisher.queue();
		loseEach(publisher, "publish");

		for (int i = 0; i < COUNT / 2; i++) {
			queue.publish("work", i);
		}
		for (int wave = COUNT / 2; wave < COUNT; wave += 10) {
			List<CompletableFuture<String>> confirmed = IntStream.range(wave, wave + 10)
				.mapToObj((i) -> queue.publishAsync("work", i, TaskOptions.DEFAULTS).confirmed())
				.toList();
			confirmed.forEach(CompletableFuture::join);
		}

		int lost = network(publisher).dropped();
		System.out.printf("Lost replies to publish: %d, for %d tasks%n", lost, COUNT);
		assertThat(lost).isGreaterThan(COUNT / 2);
		assertThat(worker.bean(TaskLookup.class).depth("work")).isEqualTo(COUNT);
		worker.queue()
			.subscribe("work", Integer.class, QueueOptions.DEFAULTS.withConcurrency(4), (number,
					context) -> this.runs.computeIfAbsent(number, (key) -> new AtomicInteger()).incrementAndGet());
		assertEachRanOnce();
	}

	@ParameterizedTest
	@ValueSource(strings = { "take-", "settle" })
	void noTaskIsOrphanedOrRunsTwice(String lane) {
		QueueNode publisher = node();
		QueueNode worker = node();
		work(worker);
		loseEach(worker, lane);
		TaskOptions options = TaskOptions.DEFAULTS.withMaxRetries(1).withBackoff(Backoff.fixed(Duration.ofMillis(1)));

		for (int i = 0; i < ONE_BY_ONE; i++) {
			int number = i;
			publisher.queue().publish("work", i, options);
			await().pollDelay(Duration.ZERO)
				.pollInterval(Duration.ofMillis(1))
				.atMost(Duration.ofSeconds(10))
				.until(() -> this.runs.containsKey(number));
		}
		for (int i = ONE_BY_ONE; i < COUNT; i++) {
			publisher.queue().publishAsync("work", i, options);
		}

		assertEachRanOnce();
		System.out.printf("Lost replies to %s: %d, for %d tasks%n", lane, network(worker).dropped(), COUNT);
		assertThat(network(worker).dropped()).isGreaterThan(ONE_BY_ONE);
		assertThat(worker.signals("queue.retried")).isEqualTo(COUNT / 10);
		assertThat(worker.signals("queue.rejected")).isZero();
	}

	@Test
	void nothingHappensTwiceWhereTheServerForgetsTheScriptsToo() {
		QueueNode node = node();
		AtomicInteger seen = new AtomicInteger();
		network(node).dropReplies(Integer.MAX_VALUE,
				(request) -> request.contains("}last:") && seen.incrementAndGet() % 3 == 1);
		work(node);

		for (int i = 0; i < COUNT; i++) {
			node.queue()
				.publishAsync("work", i,
						TaskOptions.DEFAULTS.withMaxRetries(1).withBackoff(Backoff.fixed(Duration.ofMillis(1))));
			if (i % 100 == 0) {
				this.redis.command("SCRIPT", "FLUSH");
			}
		}

		assertEachRanOnce();
		assertThat(network(node).dropped()).isGreaterThan(20);
		assertThat(node.signals("queue.rejected")).isZero();
	}

}
