package com.nocobase.cluster.queue.rabbit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import com.nocobase.cluster.message.SendState;
import com.nocobase.cluster.queue.QueueCluster;
import com.nocobase.cluster.queue.QueueException;
import com.nocobase.cluster.queue.QueueNode;
import com.nocobase.cluster.queue.QueueOptions;
import com.nocobase.cluster.queue.TaskOptions;
import com.nocobase.cluster.queue.TaskReceipt;
import com.nocobase.cluster.rabbit.RabbitCluster;
import com.nocobase.cluster.rabbit.RabbitNetwork;
import com.nocobase.cluster.rabbit.RabbitProcess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What was confirmed is done, whatever happens to the broker meanwhile.
 */
@Timeout(90)
class RabbitFaultTests {

	private static final int TASKS = 600;

	private static final Map<String, Object> ANY_DEATHS = Map.of("nocobase.cluster.queue.max-crashes", 1000,
			"nocobase.cluster.queue.publish-timeout", "3s");

	private static RabbitProcess alone;

	private final ExecutorService faults = Executors.newSingleThreadExecutor();

	private final List<QueueNode> nodes = new CopyOnWriteArrayList<>();

	private final Map<String, AtomicInteger> done = new ConcurrentHashMap<>();

	@BeforeAll
	static void startBrokers() {
		alone = RabbitProcess.start();
		RabbitCluster.shared();
	}

	@AfterAll
	static void stopBroker() {
		alone.close();
	}

	@AfterEach
	void endFaults() throws InterruptedException {
		this.faults.shutdownNow();
		assertThat(this.faults.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
	}

	@Test
	void brokerIsRestarted() throws Exception {
		nothingConfirmedIsLost(onOneNode(), () -> {
			alone.stop();
			alone.startAgain();
		});
	}

	@Test
	void brokerIsKilled() throws Exception {
		nothingConfirmedIsLost(onOneNode(), () -> {
			// A node that is alone does not find a leader again for a queue that was
			// created less than five seconds before, when its metadata is not on disk.
			await().pollDelay(Duration.ofSeconds(6)).until(() -> true);
			alone.kill();
			alone.startAgain();
		});
	}

	@Test
	void oneOfThreeNodesIsKilled() throws Exception {
		RabbitProcess lost = RabbitCluster.shared().nodes().get(1);
		nothingConfirmedIsLost(RabbitTestBroker.onThreeNodes(), () -> {
			lost.kill();
			lost.startAgain();
		});
	}

	@Test
	void connectionsAreCut() throws Exception {
		RabbitTestBroker broker = onOneNode();
		nothingConfirmedIsLost(broker, () -> {
			for (int i = 0; i < 4; i++) {
				this.nodes.forEach((node) -> broker.network(node.instance()).killConnections());
				await().pollDelay(Duration.ofMillis(700)).until(() -> true);
			}
		});
	}

	private static RabbitTestBroker onOneNode() {
		return new RabbitTestBroker(() -> RabbitNetwork.to(List.of(alone)));
	}

	private void nothingConfirmedIsLost(RabbitTestBroker broker, Runnable fault) throws Exception {
		try (QueueCluster cluster = new QueueCluster(broker)) {
			QueueNode publisher = cluster.node(ANY_DEATHS);
			this.nodes.add(publisher);
			for (int i = 0; i < 2; i++) {
				QueueNode worker = cluster.node(ANY_DEATHS);
				this.nodes.add(worker);
				worker.queue()
					.subscribe("work", String.class, QueueOptions.DEFAULTS.withConcurrency(4),
							(task, context) -> this.done.computeIfAbsent(task, (key) -> new AtomicInteger())
								.incrementAndGet());
			}

			Set<String> confirmed = publishThrough(publisher, fault);

			assertThat(confirmed).hasSizeGreaterThanOrEqualTo(TASKS);
			await().atMost(Duration.ofSeconds(30))
				.untilAsserted(() -> assertThat(this.done).containsKeys(confirmed.toArray(String[]::new)));
			await().atMost(Duration.ofSeconds(30))
				.ignoreExceptionsInstanceOf(QueueException.class)
				.untilAsserted(() -> assertThat(publisher.queue().deadLetters("work").discard(1)).isZero());
			long twice = this.done.values().stream().filter((runs) -> runs.get() > 1).count();
			// Those that a worker had when a connection was lost, and those published
			// again.
			assertThat(twice).isLessThan(TASKS / 4);
		}
	}

	private Set<String> publishThrough(QueueNode publisher, Runnable fault) throws Exception {
		Set<String> confirmed = new HashSet<>();
		CompletableFuture<Void> over = null;
		long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
		for (int i = 0; confirmed.size() < TASKS || (over != null && !over.isDone()); i++) {
			assertThat(System.nanoTime()).as("%d tasks confirmed", confirmed.size()).isLessThan(end);
			if (i == TASKS / 10) {
				over = CompletableFuture.runAsync(fault, this.faults);
			}
			publishSome(publisher, i + ":", confirmed);
		}
		if (over != null) {
			over.get(60, TimeUnit.SECONDS);
		}
		return confirmed;
	}

	private static void publishSome(QueueNode publisher, String prefix, Set<String> confirmed) {
		Map<String, TaskReceipt> receipts = new ConcurrentHashMap<>();
		List<String> names = new ArrayList<>();
		try {
			for (int i = 0; i < 5; i++) {
				String name = prefix + i;
				names.add(name);
				receipts.put(name, publisher.queue().publishAsync("work", name, TaskOptions.DEFAULTS));
			}
		}
		catch (QueueException ex) {
			await().pollDelay(Duration.ofMillis(50)).until(() -> true);
		}
		receipts.forEach((name, receipt) -> {
			if (receipt.await(Duration.ofSeconds(10)) == SendState.SENT) {
				confirmed.add(name);
			}
		});
	}

}
