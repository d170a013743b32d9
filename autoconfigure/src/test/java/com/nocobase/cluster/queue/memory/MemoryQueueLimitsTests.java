package com.nocobase.cluster.queue.memory;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.datasource.embedded.EmbeddedDatabase;
import org.springframework.jdbc.datasource.embedded.EmbeddedDatabaseBuilder;
import org.springframework.jdbc.datasource.embedded.EmbeddedDatabaseType;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import com.nocobase.cluster.message.SendState;
import com.nocobase.cluster.queue.QueueCluster;
import com.nocobase.cluster.queue.QueueException;
import com.nocobase.cluster.queue.QueueNode;
import com.nocobase.cluster.queue.TaskLookup;
import com.nocobase.cluster.queue.TaskOptions;
import com.nocobase.cluster.queue.TaskReceipt;
import com.nocobase.cluster.support.ClusterRuntime;
import com.nocobase.cluster.support.ManualTime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * What happens where the queue in memory comes to its limits: it is full, or nobody can
 * read a task.
 */
@Timeout(30)
class MemoryQueueLimitsTests {

	private static final String APP = "crm";

	private static final byte[] NEWER = "{\"v\":99,\"id\":\"1\",\"type\":\"work\",\"from\":\"x\",\"at\":1}\n{\"a\":1}"
		.getBytes(StandardCharsets.UTF_8);

	@TempDir
	private Path directory;

	@SuppressWarnings("NullAway.Init") // before each test
	private QueueCluster cluster;

	@BeforeEach
	void createCluster() {
		this.cluster = cluster();
	}

	@AfterEach
	void closeCluster() {
		this.cluster.close();
	}

	@Test
	void fullChannelRefusesWithAWordOnWhatToDoAndTakesAgainWhenThereIsRoom() {
		QueueNode node = this.cluster.nodeOf(APP, "nocobase.cluster.queue.memory.max-size=2");
		node.queue().publish("work", "a");
		node.queue().publish("work", "b");

		assertThatExceptionOfType(QueueException.class).isThrownBy(() -> node.queue().publish("work", "c"))
			.withMessageContaining("Channel 'crm:work' is full with 2 tasks and 0 dead letters")
			.withMessageContaining("nocobase.cluster.queue.memory.max-size");
		TaskReceipt refused = node.queue().publishAsync("work", "d", TaskOptions.DEFAULTS);
		await().untilAsserted(() -> assertThat(refused.state()).isEqualTo(SendState.FAILED));
		node.queue().publish("other", "is not full");
		assertThat(node.bean(TaskLookup.class).depth("work")).isEqualTo(2);

		Queue<String> done = collect(node);
		await().untilAsserted(() -> assertThat(done).containsExactly("a", "b"));
		await().untilAsserted(() -> node.queue().publish("work", "e"));
		await().untilAsserted(() -> assertThat(done).containsExactly("a", "b", "e"));
	}

	@Test
	void deadLettersFillTheChannelUntilTheyAreDiscarded() {
		QueueNode node = this.cluster.nodeOf(APP, "nocobase.cluster.queue.memory.max-size=1");
		node.queue().subscribe("work", String.class, (task, context) -> {
			throw new IllegalStateException("no luck");
		});
		node.queue().publish("work", "dies");
		await().untilAsserted(() -> assertThat(node.signals("queue.dead")).isEqualTo(1));

		assertThatExceptionOfType(QueueException.class).isThrownBy(() -> node.queue().publish("work", "next"))
			.withMessageContaining("0 tasks and 1 dead letters");
		assertThat(node.queue().deadLetters("work").discard(1)).isEqualTo(1);

		node.queue().publish("work", "next");
	}

	@Test
	void committedTaskWaitsForRoomInAFullChannel() {
		QueueNode node = this.cluster.nodeOf(APP, "nocobase.cluster.queue.memory.max-size=1");
		node.queue().publish("work", "a");
		EmbeddedDatabase database = new EmbeddedDatabaseBuilder().setType(EmbeddedDatabaseType.H2)
			.generateUniqueName(true)
			.build();
		TransactionTemplate transaction = new TransactionTemplate(new JdbcTransactionManager(database));

		TaskReceipt receipt = transaction.execute((status) -> node.queue().publish("work", "b"));
		database.shutdown();
		assertThat(receipt).isNotNull();
		assertThat(receipt.state()).isEqualTo(SendState.PENDING);
		assertThat(node.health().up()).isFalse();

		Queue<String> done = collect(node);
		await().untilAsserted(() -> assertThat(done).containsExactly("a", "b"));
		await().untilAsserted(() -> assertThat(receipt.state()).isEqualTo(SendState.SENT));
		assertThat(node.health().up()).isTrue();
	}

	@Test
	void undoneTasksAreTakenUpEvenIfTheyAreMoreThanFit() {
		QueueNode first = this.cluster.nodeOf(APP);
		first.queue().publish("work", "a");
		first.queue().publish("work", "b");
		this.cluster.close();
		this.cluster = cluster();

		QueueNode second = this.cluster.nodeOf(APP, "nocobase.cluster.queue.memory.max-size=1");

		assertThatExceptionOfType(QueueException.class).isThrownBy(() -> second.queue().publish("work", "c"))
			.withMessageContaining("full with 2 tasks");
		Queue<String> done = collect(second);
		await().untilAsserted(() -> assertThat(done).containsExactly("a", "b"));
	}

	@Test
	void taskInAFormatThatNobodyKnowsBecomesADeadLetterWithItsBytes() {
		ManualTime time = new ManualTime();
		QueueNode node = this.cluster.node(Map.of(),
				(context) -> context.registerBean(ClusterRuntime.class, () -> time.runtime()));
		Queue<String> done = collect(node);
		node.publishFrame("work", NEWER);

		for (int round = 1; round <= 5; round++) {
			int rounds = round;
			await().untilAsserted(() -> assertThat(node.signals("queue.returned")).isEqualTo(rounds));
			assertThat(node.signals("queue.dead")).isZero();
			time.advance(Duration.ofSeconds(1L << (round - 1)));
		}

		await().untilAsserted(() -> assertThat(node.signals("queue.dead")).isEqualTo(1));
		assertThat(node.signals("queue.newer")).isEqualTo(6);
		assertThat(node.bean(TaskLookup.class).deadLetters("work", 10)).singleElement().satisfies((letter) -> {
			assertThat(letter.error()).contains("envelope version 99");
			assertThat(letter.attempts()).isZero();
			assertThat(letter.frame()).isEqualTo(NEWER);
		});
		assertThat(done).isEmpty();
	}

	private QueueCluster cluster() {
		return new QueueCluster(new MemoryTestBroker(this.directory));
	}

	private static Queue<String> collect(QueueNode node) {
		Queue<String> done = new ConcurrentLinkedQueue<>();
		node.queue().subscribe("work", String.class, (task, context) -> done.add(task));
		return done;
	}

}
