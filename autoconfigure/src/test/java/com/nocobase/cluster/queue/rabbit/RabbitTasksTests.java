package com.nocobase.cluster.queue.rabbit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.GetResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import com.nocobase.cluster.queue.Backoff;
import com.nocobase.cluster.queue.Delivery;
import com.nocobase.cluster.queue.QueueAdapter;
import com.nocobase.cluster.queue.QueueCluster;
import com.nocobase.cluster.queue.QueueConsumer;
import com.nocobase.cluster.queue.QueueException;
import com.nocobase.cluster.queue.QueueNode;
import com.nocobase.cluster.queue.QueueOptions;
import com.nocobase.cluster.queue.TaskMessage;
import com.nocobase.cluster.queue.TaskOptions;
import com.nocobase.cluster.rabbit.RabbitNames;
import com.nocobase.cluster.rabbit.RabbitNetwork;
import com.nocobase.cluster.rabbit.TestRabbit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

/**
 * What is special about tasks on RabbitMQ.
 */
@Timeout(30)
class RabbitTasksTests {

	private final RabbitTestBroker broker = RabbitTestBroker.onOneNode();

	private final QueueCluster cluster = new QueueCluster(this.broker);

	@BeforeAll
	static void findBroker() {
		TestRabbit.shared();
	}

	@AfterEach
	void closeCluster() {
		this.cluster.close();
	}

	@AfterAll
	static void deleteQueues() {
		RabbitNetwork.deleteDeclared();
	}

	@Test
	void namesMayHoldAnything() {
		QueueNode node = this.cluster.node();
		for (String channel : List.of("a:b@c*.#{}%41\\ d", "é".repeat(200), "amq.work", "~", "a.dead.b")) {
			Queue<String> done = new ConcurrentLinkedQueue<>();
			node.queue().subscribe(channel, String.class, (task, context) -> done.add(task));
			node.queue().publish(channel, "task");
			await().untilAsserted(() -> assertThat(done).containsExactly("task"));
		}
	}

	@Test
	void givingBackUsesNothingUp() throws InterruptedException {
		QueueAdapter adapter = this.cluster.node().bean(QueueAdapter.class);
		String channel = ":" + UUID.randomUUID();
		byte[] frame = "frame".getBytes(StandardCharsets.UTF_8);
		BlockingQueue<Delivery> taken = new LinkedBlockingQueue<>();
		adapter.publish(new TaskMessage(channel, "id", frame, Duration.ZERO, 0, null)).toCompletableFuture().join();
		QueueConsumer consumer = adapter.consume(channel, 1, taken::add);

		for (int i = 0; i < 30; i++) {
			consumer.request(1);
			Delivery task = Objects.requireNonNull(taken.poll(10, TimeUnit.SECONDS));
			assertThat(task.id()).isEqualTo("id");
			assertThat(task.deaths()).isZero();
			assertThat(task.failures()).isZero();
			assertThat(task.frame()).isEqualTo(frame);
			assertThat(task.giveBack(Duration.ZERO)).isCompletedWithValue(true);
			assertThat(task.complete()).isCompletedWithValue(false);
		}
		consumer.close();
	}

	@Test
	void whatIsPrefetchedAndNotWantedGoesBackAtOnce() throws InterruptedException {
		QueueAdapter adapter = this.cluster.node().bean(QueueAdapter.class);
		QueueAdapter other = this.cluster.node().bean(QueueAdapter.class);
		String channel = ":" + UUID.randomUUID();
		for (int i = 0; i < 8; i++) {
			adapter.publish(new TaskMessage(channel, "" + i, new byte[0], Duration.ZERO, 0, null))
				.toCompletableFuture()
				.join();
		}
		BlockingQueue<Delivery> mine = new LinkedBlockingQueue<>();
		BlockingQueue<Delivery> theirs = new LinkedBlockingQueue<>();
		QueueConsumer consumer = adapter.consume(channel, 8, mine::add);
		consumer.request(1);
		Delivery owned = Objects.requireNonNull(mine.poll(10, TimeUnit.SECONDS));

		consumer.withdraw(Integer.MAX_VALUE);
		QueueConsumer heir = other.consume(channel, 8, theirs::add);
		heir.request(8);

		await().untilAsserted(() -> assertThat(theirs).hasSize(7));
		assertThat(theirs).allMatch((task) -> task.deaths() == 0);
		assertThat(owned.complete()).isCompletedWithValue(true);
		assertThat(theirs).allMatch((each) -> each.complete().toCompletableFuture().join());
		assertThat(mine).isEmpty();
	}

	@Test
	void messageOfAForeignClientGoesToTheDeadLettersAsItIs() throws Exception {
		QueueNode node = this.cluster.node();
		Queue<String> done = new ConcurrentLinkedQueue<>();
		node.queue().subscribe("work", String.class, (task, context) -> done.add(task));
		node.queue().publish("work", "good");
		await().untilAsserted(() -> assertThat(done).containsExactly("good"));
		byte[] poison = { 0, -1, 42 };

		try (Connection connection = TestRabbit.shared().connect(); Channel channel = connection.createChannel()) {
			BasicProperties foreign = new BasicProperties.Builder().userId("guest")
				.expiration("60000")
				.headers(Map.of("CC", List.of("nowhere"), "theirs", "kept", "nocobase-failures", "many"))
				.build();
			channel.basicPublish("", queueOf(node, "queue"), foreign, poison);
			await().untilAsserted(() -> assertThat(node.signals("queue.dead")).isEqualTo(1));
			GetResponse letter = Objects.requireNonNull(channel.basicGet(queueOf(node, "dead"), true));

			assertThat(letter.getBody()).isEqualTo(poison);
			assertThat(letter.getProps().getMessageId()).isNotBlank();
			assertThat(letter.getProps().getHeaders())
				.containsKeys("nocobase-error", "nocobase-first-failure", "nocobase-last-failure", "theirs")
				.doesNotContainKeys("CC");
		}
	}

	@Test
	void deadLetterTellsItsAttempts() throws Exception {
		QueueNode node = this.cluster.node();
		node.queue().subscribe("work", String.class, (task, context) -> {
			throw new IllegalStateException("no luck");
		});
		node.queue()
			.publish("work", "fails",
					TaskOptions.DEFAULTS.withMaxRetries(2).withBackoff(Backoff.fixed(Duration.ofMillis(1))));
		await().untilAsserted(() -> assertThat(node.signals("queue.dead")).isEqualTo(1));

		try (Connection connection = TestRabbit.shared().connect(); Channel channel = connection.createChannel()) {
			Map<String, Object> headers = Objects.requireNonNull(channel.basicGet(queueOf(node, "dead"), true))
				.getProps()
				.getHeaders();
			assertThat(headers).containsEntry("nocobase-failures", 3L);
			assertThat(headers.get("nocobase-error")).hasToString("java.lang.IllegalStateException: no luck");
			assertThat((Long) headers.get("nocobase-first-failure"))
				.isLessThan((Long) headers.get("nocobase-last-failure"));
		}
	}

	@Test
	void taskWithoutAQueueIsAnErrorAndTheQueueComesBack() throws Exception {
		QueueNode node = this.cluster.node();
		node.queue().publish("work", "first");
		try (Connection connection = TestRabbit.shared().connect(); Channel channel = connection.createChannel()) {
			channel.queueDelete(queueOf(node, "queue"));
		}

		assertThatExceptionOfType(QueueException.class).isThrownBy(() -> node.queue().publish("work", "unroutable"))
			.havingCause()
			.withMessageContaining("NO_ROUTE");

		Queue<String> done = new ConcurrentLinkedQueue<>();
		node.queue().publish("work", "routable");
		node.queue().subscribe("work", String.class, (task, context) -> done.add(task));
		await().untilAsserted(() -> assertThat(done).containsExactly("routable"));
	}

	@Test
	void delayThatIsTooLongForTheBrokerIsWaitedForInSteps() throws IOException {
		QueueNode node = this.cluster.node();
		Queue<String> done = new ConcurrentLinkedQueue<>();
		node.queue().publish("work", "declares");
		node.queue().subscribe("work", String.class, (task, context) -> done.add(task));
		await().untilAsserted(() -> assertThat(done).hasSize(1));
		TaskRecord record = TaskRecord.of(TaskRecord.first("id", 0), new byte[0]);
		long before = System.nanoTime();

		try (Connection connection = TestRabbit.shared().connect()) {
			byte[] frame = ("{\"v\":1,\"id\":\"id\",\"type\":\"string\",\"from\":\"x\",\"at\":1}\n\"late\"")
				.getBytes(StandardCharsets.UTF_8);
			connection.createChannel()
				.basicPublish("", queueOf(node, "queue"), record.toProperties(Duration.ofMillis(500)), frame);
		}

		await().untilAsserted(() -> assertThat(done).contains("late"));
		assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThan(Duration.ofMillis(500));
	}

	@Test
	void timeoutBeyondThatOfTheBrokerIsRefused() {
		QueueNode node = this.cluster.node(Map.of("nocobase.cluster.queue.rabbit.consumer-timeout", "1m"));
		Duration longer = Duration.ofMinutes(2);

		assertThatIllegalArgumentException()
			.isThrownBy(() -> node.queue().publish("work", "a", TaskOptions.DEFAULTS.withTimeout(longer)))
			.withMessageContaining("at most PT1M");
		assertThatIllegalArgumentException().isThrownBy(() -> node.queue()
			.subscribe("work", String.class, QueueOptions.DEFAULTS.withTimeout(longer), (task, context) -> {
			})).withMessageContaining("at most PT1M");
	}

	@Test
	void connectionsDoNotGrowWithChannels() {
		QueueNode node = this.cluster.node();
		Queue<String> done = new ConcurrentLinkedQueue<>();
		for (int i = 0; i < 10; i++) {
			node.queue().subscribe("work " + i, String.class, (task, context) -> done.add(task));
			node.queue().publish("work " + i, "a");
		}

		await().untilAsserted(() -> assertThat(done).hasSize(10));
		assertThat(this.broker.network(node.instance()).connections()).isEqualTo(2);
	}

	@Test
	void delaysAreRoundedUpToTwoDigits() {
		assertThat(List.of(1L, 99L, 101L, 1500L, 1501L, 123_456L))
			.extracting((millis) -> TaskQueues.rounded(Duration.ofMillis(millis)))
			.containsExactly(1L, 99L, 110L, 1500L, 1600L, 130_000L);
		assertThat(TaskQueues.rounded(Duration.ofNanos(1))).isEqualTo(1);
	}

	private static String queueOf(QueueNode node, String kind) {
		return new RabbitNames(node.instance()).of(kind, "work");
	}

}
