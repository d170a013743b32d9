package com.nocobase.cluster.queue.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.core.task.SimpleAsyncTaskExecutor;

import com.nocobase.cluster.queue.QueueCluster;
import com.nocobase.cluster.queue.QueueNode;
import com.nocobase.cluster.queue.QueueOptions;
import com.nocobase.cluster.redis.RedisProcess;
import com.nocobase.cluster.support.ChildJvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tasks of processes that are killed, or stand still.
 */
class RedisQueueProcessTests {

	private static final int WORKERS = 3;

	private static final int CONCURRENCY = 4;

	private final String app = "app-" + UUID.randomUUID();

	private final RedisProcess redis = RedisProcess.start();

	private final QueueCluster cluster = new QueueCluster(new RedisTestBroker(this.redis.properties()));

	private final SimpleAsyncTaskExecutor threads = new SimpleAsyncTaskExecutor("processes-");

	private final List<ChildJvm> children = new CopyOnWriteArrayList<>();

	private final AtomicInteger started = new AtomicInteger();

	@AfterEach
	void stop() {
		this.children.forEach(ChildJvm::close);
		this.cluster.close();
		this.redis.close();
	}

	private ChildJvm child(String name) {
		ChildJvm child = QueueChild.start(this.redis, this.app, "nocobase.cluster.instance-id=" + name,
				"nocobase.cluster.queue.ownership=1s", "nocobase.cluster.queue.max-crashes=1000000",
				"logging.level.root=warn");
		this.children.add(child);
		return child;
	}

	@Test
	@Timeout(90)
	void nothingIsLostWhileWorkersAreKilled() throws Exception {
		killWorkers(1_000, Duration.ofMillis(50), Duration.ofMillis(1500), 3);
	}

	@Test
	@Tag("chaos")
	@Timeout(600)
	void nothingOfMuchIsLostWhileWorkersAreKilled() throws Exception {
		killWorkers(20_000, Duration.ofMillis(20), Duration.ofSeconds(3), Integer.MAX_VALUE);
	}

	private void killWorkers(int count, Duration handler, Duration pause, int mostKills) throws Exception {
		List<CompletableFuture<Worker>> workers = new ArrayList<>();
		for (int i = 0; i < WORKERS; i++) {
			workers.add(startWorker(handler));
		}
		List<CompletableFuture<ChildJvm>> publishers = List.of(
				this.threads.submitCompletable(() -> child("publisher-1")),
				this.threads.submitCompletable(() -> child("publisher-2")));
		CompletableFuture.allOf(workers.toArray(CompletableFuture<?>[]::new)).join();
		List<CompletableFuture<String>> published = new ArrayList<>();
		for (int i = 0; i < 2; i++) {
			ChildJvm publisher = publishers.get(i).get(30, TimeUnit.SECONDS);
			String request = "publish %d %d".formatted(i * count / 2, (i + 1) * count / 2);
			published.add(this.threads.submitCompletable(() -> publisher.ask(request)));
		}
		int kills = 0;
		int unacknowledged = 0;
		while (runs().length < count && kills < mostKills) {
			await().pollDelay(pause).atMost(pause.plusSeconds(10)).until(() -> true);
			Worker victim = workers.remove(0).get(30, TimeUnit.SECONDS);
			if (runs().length < count) {
				victim.child().kill();
				kills++;
				unacknowledged += owned(victim.name());
				workers.add(startWorker(handler));
			}
			else {
				workers.add(CompletableFuture.completedFuture(victim));
			}
		}

		for (CompletableFuture<String> each : published) {
			assertThat(each.get(20, TimeUnit.SECONDS)).isEqualTo("published");
		}
		await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
			assertThat(runs()).hasSize(count);
			assertThat(QueueKeys.unfinished(this.redis)).as("what is left").isEmpty();
		});
		int again = Arrays.stream(runs()).sum() - count;
		System.out.printf("%d tasks, %d kills: %d runs more than tasks, %d tasks were unacknowledged at the kills%n",
				count, kills, again, unacknowledged);
		assertThat(kills).isGreaterThan(1);
		assertThat(again).isLessThanOrEqualTo(unacknowledged);
	}

	private CompletableFuture<Worker> startWorker(Duration handler) {
		return this.threads.submitCompletable(() -> {
			String name = "worker-" + this.started.incrementAndGet();
			ChildJvm child = child(name);
			assertThat(child.ask("work %d %d".formatted(CONCURRENCY, handler.toMillis()))).isEqualTo("working");
			return new Worker(name, child);
		});
	}

	/** How often each task that was begun was run. */
	private int[] runs() {
		return this.redis.command("HVALS", QueueChild.RUNS)
			.lines()
			.filter((runs) -> !runs.isEmpty())
			.mapToInt(Integer::parseInt)
			.toArray();
	}

	/**
	 * How many tasks a process has that is dead; the server sees the end of its
	 * connections.
	 */
	private int owned(String name) {
		await().until(() -> this.redis.command("PUBSUB", "CHANNELS", "*:" + name).isEmpty());
		return (int) QueueKeys.owners(this.redis, this.app, "work")
			.stream()
			.filter((owner) -> owner.contains(":" + name + "#"))
			.count();
	}

	@Test
	@Timeout(60)
	void resultsOfAWorkerThatStoodStillBeyondItsOwnershipAreRejected() throws Exception {
		ChildJvm still = child("still");
		QueueNode other = this.cluster.nodeOf(this.app);
		AtomicInteger done = new AtomicInteger();
		assertThat(still.ask("work %d 500".formatted(CONCURRENCY))).isEqualTo("working");
		for (int i = 0; i < CONCURRENCY; i++) {
			other.queue().publish("work", i);
		}
		await().until(() -> runs().length == CONCURRENCY);

		still.signal("STOP");
		other.queue()
			.subscribe("work", Integer.class, QueueOptions.DEFAULTS.withConcurrency(CONCURRENCY),
					(number, context) -> done.incrementAndGet());
		await().atMost(Duration.ofSeconds(20)).until(() -> done.get() == CONCURRENCY);
		await().until(() -> QueueKeys.unfinished(this.redis).isEmpty());
		still.signal("CONT");

		await().atMost(Duration.ofSeconds(20))
			.untilAsserted(() -> assertThat(still.ask("count queue.rejected")).isEqualTo("" + CONCURRENCY));
		assertThat(runs()).containsOnly(1).hasSize(CONCURRENCY);
		assertThat(done).hasValue(CONCURRENCY);
		other.queue().publish("work", CONCURRENCY);
		await().until(() -> runs().length + done.get() == 2 * CONCURRENCY + 1);
	}

	/**
	 * A process that does tasks.
	 *
	 * @param name its name as an instance
	 * @param child the process
	 */
	private record Worker(String name, ChildJvm child) {

	}

}
