package com.nocobase.cluster.queue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.transaction.support.TransactionTemplate;

import com.nocobase.cluster.message.PayloadException;
import com.nocobase.cluster.message.PayloadTooLargeException;
import com.nocobase.cluster.message.SendState;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * What the event queue promises on every adapter: tasks are published and shared.
 */
public abstract class QueueContract extends QueueContractSupport {

	@ParameterizedTest
	@ValueSource(ints = { 1, 2, 3 })
	void everyTaskIsDoneOnceByOneOfTheInstances(int instances) {
		List<QueueNode> nodes = this.cluster.nodes(instances);
		Map<String, String> doneBy = new ConcurrentHashMap<>();
		AtomicInteger runs = new AtomicInteger();
		for (QueueNode node : nodes) {
			node.queue().subscribe("work", Work.class, QueueOptions.DEFAULTS.withConcurrency(4), (task, context) -> {
				runs.incrementAndGet();
				doneBy.put(task.name(), node.instance().id());
				pause(Duration.ofMillis(10));
			});
		}

		for (int i = 0; i < 100; i++) {
			nodes.get(i % instances).queue().publish("work", new Work("task " + i));
		}

		await().untilAsserted(() -> assertThat(doneBy).hasSize(100));
		assertThat(runs).hasValue(100);
		assertThat(Set.copyOf(doneBy.values())).hasSize(instances);
	}

	@Test
	void publisherNeedsNoSubscription() { // Q5
		QueueNode publisher = this.cluster.node();
		TaskReceipt receipt = publisher.queue().publish("work", new Work("early"));
		assertThat(receipt.state()).isEqualTo(SendState.SENT);

		Queue<String> done = collect(this.cluster.node(), "work");

		await().untilAsserted(() -> assertThat(done).containsExactly("early"));
	}

	@Test
	void instanceOfOneTakesInOrder() {
		QueueNode node = this.cluster.node();
		for (int i = 0; i < 20; i++) {
			node.queue().publish("work", new Work("" + i));
		}

		Queue<String> done = collect(node, "work");

		await().untilAsserted(() -> assertThat(done).hasSize(20));
		assertThat(done).map(Integer::parseInt).isSorted();
	}

	@Test
	void applicationsDoNotMeetButOnSharedChannels() {
		QueueNode ours = this.cluster.node();
		QueueNode theirs = this.cluster.nodeOf("other");
		Queue<String> done = collect(theirs, "work");
		Queue<String> common = new ConcurrentLinkedQueue<>();
		theirs.queue()
			.subscribe(this.shared, Work.class, QueueOptions.DEFAULTS.withShared(),
					(task, context) -> common.add(task.name()));

		ours.queue().publish("work", new Work("ours"));
		ours.queue().publish(this.shared, new Work("shared"), TaskOptions.DEFAULTS.withShared());

		await().untilAsserted(() -> assertThat(common).containsExactly("shared"));
		assertThat(done).isEmpty();
	}

	@Test
	void closingSubscriptionOfSharedChannelEndsIt() { // Q4
		QueueNode node = this.cluster.node();
		Queue<String> done = new ConcurrentLinkedQueue<>();
		QueueSubscription subscription = node.queue()
			.subscribe(this.shared, Work.class, QueueOptions.DEFAULTS.withShared(),
					(task, context) -> done.add(task.name()));
		TaskOptions options = TaskOptions.DEFAULTS.withShared();
		node.queue().publish(this.shared, new Work("first"), options);
		await().untilAsserted(() -> assertThat(done).containsExactly("first"));

		subscription.close();
		node.queue().publish(this.shared, new Work("second"), options);

		assertNothingMore(done, 1);
		Queue<String> other = new ConcurrentLinkedQueue<>();
		this.cluster.node()
			.queue()
			.subscribe(this.shared, Work.class, QueueOptions.DEFAULTS.withShared(),
					(task, context) -> other.add(task.name()));
		await().untilAsserted(() -> assertThat(other).containsExactly("second"));
	}

	@Test
	void secondSubscriptionOfChannelIsRefused() { // Q11
		QueueNode node = this.cluster.node();
		QueueSubscription first = node.queue().subscribe("work", Work.class, (task, context) -> {
		});

		assertThatIllegalStateException()
			.isThrownBy(() -> node.queue().subscribe("work", Work.class, (task, context) -> {
			}))
			.withMessageContaining("work");

		first.close();
		Queue<String> done = collect(node, "work");
		node.queue().publish("work", new Work("again"));
		await().untilAsserted(() -> assertThat(done).containsExactly("again"));
	}

	@Test
	void closedSubscriptionFinishesWhatRunsAndTakesNoMore() throws InterruptedException {
		QueueNode node = this.cluster.node();
		CountDownLatch started = new CountDownLatch(1);
		Queue<String> done = new ConcurrentLinkedQueue<>();
		QueueSubscription subscription = node.queue().subscribe("work", Work.class, (task, context) -> {
			started.countDown();
			this.release.await();
			done.add(task.name());
		});
		node.queue().publish("work", new Work("runs"));
		node.queue().publish("work", new Work("waits"));
		assertThat(started.await(5, TimeUnit.SECONDS)).isTrue();

		subscription.close();
		this.release.countDown();

		await().untilAsserted(() -> assertThat(done).containsExactly("runs"));
		assertNothingMore(done, 1);
		Queue<String> other = collect(this.cluster.node(), "work");
		await().untilAsserted(() -> assertThat(other).containsExactly("waits"));
		assertNothingMore(other, 1);
	}

	@Test
	void concurrencyIsABoundThatCanChange() {
		QueueNode node = this.cluster.node(Map.of("nocobase.cluster.queue.max-concurrency", 6));
		AtomicInteger running = new AtomicInteger();
		QueueSubscription subscription = node.queue()
			.subscribe("work", Work.class, QueueOptions.DEFAULTS.withConcurrency(2), (task, context) -> {
				running.incrementAndGet();
				this.release.await();
			});
		for (int i = 0; i < 10; i++) {
			node.queue().publish("work", new Work("" + i));
		}
		await().untilAsserted(() -> assertThat(running).hasValue(2));
		assertStays(running, 2);

		subscription.concurrency(5);
		assertThat(subscription.concurrency()).isEqualTo(5);
		await().untilAsserted(() -> assertThat(running).hasValue(5));
		assertStays(running, 5);

		subscription.concurrency(0);
		assertThat(subscription.concurrency()).isEqualTo(6);
		await().untilAsserted(() -> assertThat(running).hasValue(6));
		assertStays(running, 6);
	}

	@Test
	void lowerConcurrencyHoldsForWhatComesNext() {
		QueueNode node = this.cluster.node();
		AtomicInteger running = new AtomicInteger();
		AtomicInteger most = new AtomicInteger();
		AtomicBoolean lowered = new AtomicBoolean();
		AtomicInteger done = new AtomicInteger();
		QueueSubscription subscription = node.queue()
			.subscribe("work", Work.class, QueueOptions.DEFAULTS.withConcurrency(8), (task, context) -> {
				int now = running.incrementAndGet();
				if (lowered.get()) {
					most.accumulateAndGet(now, Math::max);
				}
				pause(Duration.ofMillis(5));
				running.decrementAndGet();
				done.incrementAndGet();
			});
		subscription.concurrency(2);
		lowered.set(true);

		for (int i = 0; i < 60; i++) {
			node.queue().publish("work", new Work("" + i));
		}

		await().untilAsserted(() -> assertThat(done).hasValue(60));
		assertThat(most).hasValueLessThanOrEqualTo(2);
	}

	@Test
	void delayedTaskWaitsForItsTime() {
		QueueNode node = this.cluster.node();
		Queue<String> done = collect(node, "work");
		long before = System.nanoTime();

		node.queue().publish("work", new Work("late"), TaskOptions.DEFAULTS.withDelay(Duration.ofMillis(1500)));
		node.queue().publish("work", new Work("soon"), TaskOptions.DEFAULTS.withDelay(Duration.ofMillis(100)));
		node.queue().publish("work", new Work("now"));

		await().untilAsserted(() -> assertThat(done).containsExactly("now", "soon", "late"));
		assertThat(Duration.ofNanos(System.nanoTime() - before)).isBetween(Duration.ofMillis(1500),
				Duration.ofSeconds(6));
	}

	@Test
	void delayedTaskOutlivesItsPublisher() {
		QueueNode publisher = this.cluster.node();
		Queue<String> done = collect(this.cluster.node(), "work");
		publisher.queue().publish("work", new Work("late"), TaskOptions.DEFAULTS.withDelay(Duration.ofMillis(300)));

		publisher.close();

		await().untilAsserted(() -> assertThat(done).containsExactly("late"));
	}

	@Test
	void receiptKnowsTheIdAndWhenTheBrokerHasTheTask() {
		QueueNode node = this.cluster.node();

		TaskReceipt receipt = node.queue().publish("work", new Work("a"));

		assertThat(receipt.id()).isNotBlank();
		assertThat(receipt.state()).isEqualTo(SendState.SENT);
		assertThat(receipt.failure()).isNull();
		assertThat(receipt.confirmed()).isCompletedWithValue(receipt.id());
	}

	@Test
	void publishingWithoutWaitingLosesNothing() {
		QueueNode node = this.cluster.node();
		AtomicInteger done = new AtomicInteger();
		node.queue()
			.subscribe("work", Work.class, QueueOptions.DEFAULTS.withConcurrency(8),
					(task, context) -> done.incrementAndGet());

		List<TaskReceipt> receipts = new ArrayList<>();
		for (int i = 0; i < 3000; i++) {
			receipts.add(node.queue().publishAsync("work", new Work("" + i), TaskOptions.DEFAULTS));
		}

		receipts.forEach((receipt) -> assertThat(receipt.await(Duration.ofSeconds(5))).isEqualTo(SendState.SENT));
		await().untilAsserted(() -> assertThat(done).hasValue(3000));
	}

	@Test
	void publishingWhileNotConnectedFailsVisibly() {
		QueueNode node = this.cluster.node();
		EventQueue queue = node.queue();
		node.stop();

		assertThatExceptionOfType(QueueException.class).isThrownBy(() -> queue.publish("work", new Work("a")))
			.withMessageContaining("work");
		assertThatExceptionOfType(QueueException.class)
			.isThrownBy(() -> queue.publishAsync("work", new Work("a"), TaskOptions.DEFAULTS));

		node.start();
		assertThat(queue.publish("work", new Work("b")).state()).isEqualTo(SendState.SENT);
	}

	@Test
	void valuesTravelAsJson() { // Q13
		QueueNode node = this.cluster.node();
		Queue<Object> received = new ConcurrentLinkedQueue<>();
		List<String> value = new ArrayList<>(List.of("as sent"));
		node.queue().publish("work", value);
		value.set(0, "changed later");

		node.queue().subscribe("work", List.class, (task, context) -> received.add(task));

		await().untilAsserted(() -> assertThat(received).containsExactly(List.of("as sent")));
		Runnable function = () -> {
		};
		assertThatExceptionOfType(PayloadException.class)
			.isThrownBy(() -> node.queue().publish("work", Map.of("self", new Object())));
		assertThatIllegalArgumentException().isThrownBy(() -> node.queue().publish("work", function));
	}

	@Test
	void publishedInTransactionLeavesAfterCommitInOrder() { // Q12
		QueueNode node = this.cluster.node();
		Queue<String> done = collect(node, "work");
		TransactionTemplate transaction = new TransactionTemplate(new TestTransactions());

		List<TaskReceipt> receipts = Objects.requireNonNull(transaction.execute((status) -> {
			List<TaskReceipt> sent = List.of(node.queue().publish("work", new Work("1")),
					node.queue().publishAsync("work", new Work("2"), TaskOptions.DEFAULTS),
					node.queue().publish("work", new Work("3")));
			assertThat(sent).allMatch((receipt) -> receipt.state() == SendState.PENDING);
			assertThatIllegalStateException().isThrownBy(() -> sent.get(0).await(Duration.ofSeconds(1)));
			assertNothingMore(done, 0);
			return sent;
		}));

		assertThat(receipts).allMatch((receipt) -> receipt.state() == SendState.SENT);
		await().untilAsserted(() -> assertThat(done).containsExactly("1", "2", "3"));
	}

	@Test
	void publishedInTransactionNeverLeavesAfterRollback() { // Q12
		QueueNode node = this.cluster.node();
		Queue<String> done = collect(node, "work");
		TransactionTemplate transaction = new TransactionTemplate(new TestTransactions());

		TaskReceipt receipt = Objects.requireNonNull(transaction.execute((status) -> {
			status.setRollbackOnly();
			return node.queue().publish("work", new Work("1"));
		}));

		assertThat(receipt.state()).isEqualTo(SendState.NOT_SENT);
		assertThat(receipt.confirmed()).isCompletedExceptionally();
		assertNothingMore(done, 0);
	}

	@Test
	void badInputIsRefusedWithNameAndValue() {
		QueueNode node = this.cluster.node(Map.of("nocobase.cluster.max-payload", "1KB"));
		EventQueue queue = node.queue();
		String tooLong = "x".repeat(10_000);
		for (String name : List.of("", " ", tooLong)) {
			assertThatIllegalArgumentException().isThrownBy(() -> queue.publish(name, new Work("a")))
				.withMessageContaining("channel");
			assertThatIllegalArgumentException().isThrownBy(() -> queue.subscribe(name, Work.class, (task, context) -> {
			})).withMessageContaining("channel");
			assertThatIllegalArgumentException().isThrownBy(() -> queue.deadLetters(name))
				.withMessageContaining("channel");
			assertThatIllegalArgumentException().isThrownBy(() -> queue.cancel(name)).withMessageContaining("id");
			assertThatIllegalArgumentException().isThrownBy(() -> QueueOptions.DEFAULTS.withServing(name))
				.withMessageContaining("serving");
		}
		for (Duration time : List.of(Duration.ZERO, Duration.ofSeconds(-1), Duration.ofSeconds(Long.MAX_VALUE))) {
			assertThatIllegalArgumentException().isThrownBy(() -> TaskOptions.DEFAULTS.withTimeout(time))
				.withMessageContaining("timeout");
			assertThatIllegalArgumentException().isThrownBy(() -> QueueOptions.DEFAULTS.withTimeout(time))
				.withMessageContaining("timeout");
		}
		assertThatIllegalArgumentException().isThrownBy(() -> TaskOptions.DEFAULTS.withDelay(Duration.ofSeconds(-1)))
			.withMessageContaining("delay");
		assertThatIllegalArgumentException().isThrownBy(() -> TaskOptions.DEFAULTS.withMaxRetries(-1))
			.withMessageContaining("maxRetries");
		assertThatIllegalArgumentException().isThrownBy(() -> queue.deadLetters("work").retry(0))
			.withMessageContaining("atMost");
		assertThatIllegalArgumentException().isThrownBy(() -> queue.deadLetters("work").discard(-1))
			.withMessageContaining("atMost");
		assertThatExceptionOfType(PayloadTooLargeException.class)
			.isThrownBy(() -> queue.publish("work", new Work(tooLong)));
		assertThat(queue.publish("work", new Work("fits")).state()).isEqualTo(SendState.SENT);
	}

	@Test
	void badProgressIsRefused() {
		QueueNode node = this.cluster.node();
		Queue<String> done = new ConcurrentLinkedQueue<>();
		node.queue().subscribe("work", Work.class, (task, context) -> {
			assertThatIllegalArgumentException().isThrownBy(() -> context.progress(2, 1));
			assertThatIllegalArgumentException().isThrownBy(() -> context.progress(-1, 1));
			assertThatIllegalArgumentException().isThrownBy(() -> context.extend(Duration.ZERO));
			done.add(task.name());
		});

		node.queue().publish("work", new Work("a"));

		await().untilAsserted(() -> assertThat(done).containsExactly("a"));
	}

}
