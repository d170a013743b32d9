package com.nocobase.cluster.queue.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.core.task.SimpleAsyncTaskExecutor;

import com.nocobase.cluster.queue.Delivery;
import com.nocobase.cluster.queue.QueueAdapter;
import com.nocobase.cluster.queue.QueueCluster;
import com.nocobase.cluster.queue.QueueConsumer;
import com.nocobase.cluster.queue.QueueNode;
import com.nocobase.cluster.queue.TaskMessage;
import com.nocobase.cluster.redis.TestRedis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Consumers that ask for tasks and withdraw in any order. Ownership is so long that no
 * sweep mends what a lost signal has spoilt.
 */
class RedisConsumerTests {

	private static final Duration SOON = Duration.ofSeconds(2);

	private static final byte[] FRAME = { '{', '}' };

	private final QueueCluster cluster = new QueueCluster(new RedisTestBroker(TestRedis.shared().properties()));

	private final SimpleAsyncTaskExecutor threads = new SimpleAsyncTaskExecutor("consumers-");

	private final String channel = "app-" + UUID.randomUUID() + ":work";

	private final AtomicInteger published = new AtomicInteger();

	private final Set<String> done = ConcurrentHashMap.newKeySet();

	private final AtomicInteger doubled = new AtomicInteger();

	@AfterEach
	void stop() {
		this.cluster.close();
	}

	private QueueAdapter adapter() {
		QueueNode node = this.cluster.node(Map.of("nocobase.cluster.queue.ownership", "10m"));
		return node.bean(QueueAdapter.class);
	}

	private void publish(QueueAdapter adapter, int count) {
		for (int i = 0; i < count; i++) {
			this.published.incrementAndGet();
			adapter.publish(new TaskMessage(this.channel, UUID.randomUUID().toString(), FRAME, Duration.ZERO, 0, null));
		}
	}

	@Test
	void nobodyWhoAsksIsForgottenWhileTasksWait() {
		QueueAdapter publisher = adapter();
		List<Asking> all = List.of(new Asking(adapter()), new Asking(adapter()));
		long seed = System.nanoTime();

		for (int round = 0; round < 100; round++) {
			Random random = new Random(seed + round);
			List<CompletableFuture<Void>> changes = new ArrayList<>();
			for (Asking each : all) {
				changes.add(atRandom(random.nextLong(), (chance) -> each.change(chance)));
			}
			changes.add(atRandom(random.nextLong(), (chance) -> publish(publisher, chance % 3)));
			changes.forEach(CompletableFuture::join);

			await().pollInterval(Duration.ofMillis(2))
				.pollDelay(Duration.ZERO)
				.atMost(SOON)
				.untilAsserted(() -> assertThat(this.done.size() == this.published.get()
						|| all.stream().allMatch((each) -> each.outstanding.get() == 0))
					.as("seed %s: %s of %s are done, and %s are asked for", seed, this.done.size(), this.published,
							all.stream().map((each) -> each.outstanding).toList())
					.isTrue());
		}

		all.get(0).ask(Integer.MAX_VALUE / 2);
		await().atMost(SOON).untilAsserted(() -> assertThat(this.done).hasSize(this.published.get()));
		assertThat(this.doubled).hasValue(0);
	}

	private CompletableFuture<Void> atRandom(long seed, IntConsumer change) {
		return CompletableFuture.runAsync(() -> {
			Random random = new Random(seed);
			IntStream.range(0, 8).forEach((i) -> change.accept(random.nextInt(100)));
		}, this.threads);
	}

	/**
	 * An instance that asks for tasks, and does each at once.
	 */
	private final class Asking {

		private final QueueAdapter adapter;

		private volatile AtomicInteger outstanding = new AtomicInteger();

		private QueueConsumer consumer;

		Asking(QueueAdapter adapter) {
			this.adapter = adapter;
			this.consumer = consume();
		}

		private QueueConsumer consume() {
			AtomicInteger asked = new AtomicInteger();
			this.outstanding = asked;
			return this.adapter.consume(RedisConsumerTests.this.channel, 1, (task) -> take(task, asked));
		}

		private void take(Delivery task, AtomicInteger asked) {
			task.complete().thenAccept((owned) -> {
				if (!owned || !RedisConsumerTests.this.done.add(task.id())) {
					RedisConsumerTests.this.doubled.incrementAndGet();
				}
				asked.decrementAndGet();
			});
		}

		void change(int chance) {
			if (chance < 60) {
				ask(1 + chance % 4);
			}
			else if (chance < 97) {
				this.outstanding.addAndGet(-this.consumer.withdraw(1 + chance % 9));
			}
			else {
				this.consumer.close();
				this.consumer = consume();
			}
		}

		void ask(int tasks) {
			this.outstanding.addAndGet(tasks);
			this.consumer.request(tasks);
		}

	}

}
