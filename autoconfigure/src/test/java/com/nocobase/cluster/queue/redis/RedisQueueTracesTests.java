package com.nocobase.cluster.queue.redis;

import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import com.nocobase.cluster.queue.Backoff;
import com.nocobase.cluster.queue.QueueCluster;
import com.nocobase.cluster.queue.QueueNode;
import com.nocobase.cluster.queue.QueueOptions;
import com.nocobase.cluster.queue.TaskLookup;
import com.nocobase.cluster.queue.TaskOptions;
import com.nocobase.cluster.queue.TaskState;
import com.nocobase.cluster.redis.TestRedis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What an instance leaves at the server, and what it hears of.
 */
@Timeout(60)
class RedisQueueTracesTests {

	private final String app = "app-" + UUID.randomUUID();

	private final QueueCluster cluster = new QueueCluster(new RedisTestBroker(TestRedis.shared().properties()));

	private final AtomicInteger done = new AtomicInteger();

	@AfterEach
	void stop() {
		this.cluster.close();
	}

	private QueueNode node(String ownership) {
		return this.cluster.nodeOf(this.app, "nocobase.cluster.queue.ownership=" + ownership,
				"nocobase.cluster.queue.max-concurrency=1000");
	}

	private String redis(String command, String key) {
		return TestRedis.shared().command(command, "{" + this.app + ":q:work}" + key);
	}

	@Test
	void instanceThatWasQuietForLongerThanItsOwnershipStillHearsOfWork() {
		QueueNode node = node("600ms");
		node.queue().subscribe("work", String.class, (task, context) -> this.done.incrementAndGet());
		node.queue().publish("work", "first");
		await().untilAsserted(() -> assertThat(this.done).hasValue(1));

		await().until(() -> redis("ZCARD", "owners").equals("0"));

		await().during(Duration.ofMillis(500)).until(() -> redis("SCARD", "idle").equals("1"));
	}

	@Test
	void moreSlotsThanOneCallFillsAreAllUsed() throws InterruptedException {
		QueueNode node = node("10m");
		CountDownLatch goOn = new CountDownLatch(1);
		IntStream.range(0, 900).forEach((i) -> node.queue().publishAsync("work", "a", TaskOptions.DEFAULTS));

		node.queue()
			.subscribe("work", String.class,
					QueueOptions.DEFAULTS.withConcurrency(600).withTimeout(Duration.ofMinutes(1)), (task, context) -> {
						this.done.incrementAndGet();
						goOn.await();
					});

		await().untilAsserted(() -> assertThat(this.done).hasValue(600));
		goOn.countDown();
		await().untilAsserted(() -> assertThat(this.done).hasValue(900));
	}

	@Test
	void progressOfAnAttemptThatFailedIsForgotten() {
		QueueNode node = node("10m");
		node.queue().subscribe("work", String.class, (task, context) -> {
			if (context.attempt() == 1) {
				context.progress(3, 7);
				throw new IllegalStateException("no luck");
			}
		});

		String id = node.queue()
			.publish("work", "a",
					TaskOptions.DEFAULTS.withMaxRetries(1).withBackoff(Backoff.fixed(Duration.ofMillis(300))))
			.id();

		TaskLookup lookup = node.bean(TaskLookup.class);
		await().untilAsserted(() -> assertThat(lookup.find(id)).hasValueSatisfying((task) -> {
			assertThat(task.state()).isEqualTo(TaskState.DELAYED);
			assertThat(task.total()).isZero();
		}));
		await().untilAsserted(() -> assertThat(lookup.find(id))
			.hasValueSatisfying((task) -> assertThat(task.state()).isEqualTo(TaskState.SUCCEEDED)));
		assertThat(redis("EXISTS", "progress")).isEqualTo("0");
	}

	@Test
	void instanceThatHasLeftOwnsNothingAndWaitsForNothing() {
		QueueNode node = node("10m");
		node.queue().subscribe("work", String.class, (task, context) -> this.done.incrementAndGet());
		node.queue().publish("work", "a");
		await().untilAsserted(() -> assertThat(this.done).hasValue(1));

		node.stop();

		assertThat(Map.of("idle", redis("EXISTS", "idle"), "owners", redis("EXISTS", "owners"), "running",
				redis("EXISTS", "running")))
			.allSatisfy((key, exists) -> assertThat(exists).isEqualTo("0"));
	}

}
