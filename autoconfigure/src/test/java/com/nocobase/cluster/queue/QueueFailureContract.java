package com.nocobase.cluster.queue;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
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

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import com.nocobase.cluster.support.RefusingExecutor;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the event queue promises on every adapter when tasks fail, hang, are cancelled or
 * lose their worker.
 */
public abstract class QueueFailureContract extends QueueContractSupport {

	@Test
	void failedTaskIsTriedAgainUnderItsIdWithoutBlockingOthers() { // Q6
		QueueNode node = this.cluster.node();
		Queue<String> runs = new ConcurrentLinkedQueue<>();
		Set<String> ids = ConcurrentHashMap.newKeySet();
		node.queue().subscribe("work", Work.class, (task, context) -> {
			runs.add(task.name() + " " + context.attempt());
			if (task.name().equals("fails")) {
				ids.add(context.id());
				if (context.attempt() < 3) {
					throw new IllegalStateException("no luck");
				}
			}
		});

		TaskReceipt receipt = node.queue()
			.publish("work", new Work("fails"),
					TaskOptions.DEFAULTS.withMaxRetries(5).withBackoff(Backoff.fixed(Duration.ofMillis(300))));
		node.queue().publish("work", new Work("other"));

		await().untilAsserted(() -> assertThat(runs).containsExactly("fails 1", "other 1", "fails 2", "fails 3"));
		assertThat(ids).containsExactly(receipt.id());
		assertThat(node.signals("queue.failed")).isEqualTo(2);
		assertThat(node.signals("queue.retried")).isEqualTo(2);
		assertNothingMore(runs, 4);
	}

	@Test
	void pausesBetweenAttemptsGrow() {
		QueueNode node = this.cluster.node();
		List<Long> times = Collections.synchronizedList(new ArrayList<>());
		node.queue().subscribe("work", Work.class, (task, context) -> {
			times.add(System.nanoTime());
			throw new IllegalStateException("no luck");
		});

		node.queue()
			.publish("work", new Work("fails"), TaskOptions.DEFAULTS.withMaxRetries(2)
				.withBackoff(new Backoff(Duration.ofMillis(100), 3, Duration.ofSeconds(1), 0)));

		await().untilAsserted(() -> assertThat(times).hasSize(3));
		assertThat(Duration.ofNanos(times.get(1) - times.get(0))).isGreaterThanOrEqualTo(Duration.ofMillis(99));
		assertThat(Duration.ofNanos(times.get(2) - times.get(1))).isGreaterThanOrEqualTo(Duration.ofMillis(299));
	}

	@Test
	void taskWithoutLuckBecomesDeadLetterThatCanBeRetriedOrDiscarded() {
		QueueNode node = this.cluster.node();
		AtomicBoolean broken = new AtomicBoolean(true);
		Queue<String> runs = new ConcurrentLinkedQueue<>();
		node.queue().subscribe("work", Work.class, (task, context) -> {
			runs.add(task.name() + " " + context.attempt());
			if (broken.get()) {
				throw new NoClassDefFoundError("com/example/Missing");
			}
		});
		for (String name : List.of("a", "b", "c")) {
			node.queue()
				.publish("work", new Work(name),
						TaskOptions.DEFAULTS.withMaxRetries(1).withBackoff(Backoff.fixed(Duration.ZERO)));
		}
		await().untilAsserted(() -> assertThat(node.signals("queue.dead")).isEqualTo(3));
		assertThat(runs).hasSize(6);
		runs.clear();
		broken.set(false);

		DeadLetters letters = node.queue().deadLetters("work");
		int retried = letters.retry(1);
		await().untilAsserted(() -> assertThat(runs).containsExactly("a 1"));
		int discarded = letters.discard(1);
		int rest = letters.retry(10);

		assertThat(retried).isEqualTo(1);
		assertThat(discarded).isEqualTo(1);
		assertThat(rest).isEqualTo(1);
		await().untilAsserted(() -> assertThat(runs).containsExactly("a 1", "c 1"));
		assertThat(letters.discard(10)).isZero();
	}

	@Test
	void errorsOfTheHandlerAreFailuresToo() {
		QueueNode node = this.cluster.node();
		Queue<String> done = new ConcurrentLinkedQueue<>();
		node.queue().subscribe("work", Work.class, (task, context) -> {
			if (context.attempt() == 1) {
				throw new StackOverflowError();
			}
			done.add(task.name());
		});

		node.queue().publish("work", new Work("deep"), RETRY_SOON);

		await().untilAsserted(() -> assertThat(done).containsExactly("deep"));
	}

	@Test
	void taskThatCannotBeReadIsSetAsideAndStopsNobody() {
		QueueNode node = this.cluster.node();
		Queue<String> done = collect(node, "work");

		node.publishFrame("work", "rubbish".getBytes(StandardCharsets.UTF_8));
		node.publishFrame("work", "{\"v\":1,\"id\":\"1\",\"type\":\"work\",\"from\":\"x\",\"at\":1}\n{\"name\":"
			.getBytes(StandardCharsets.UTF_8));
		node.publishFrame("work", ("{\"v\":1,\"id\":\"1\",\"type\":\"work\",\"from\":\"x\",\"at\":1,"
				+ "\"h\":{\"retries\":\"many\"}}\n{\"name\":\"a\"}")
			.getBytes(StandardCharsets.UTF_8));
		node.queue().publish("work", new Other(1), RETRY_SOON);
		node.queue().publish("work", new Work("good"));

		await().untilAsserted(() -> assertThat(done).containsExactly("good"));
		assertThat(node.signals("queue.unreadable")).isEqualTo(4);
		assertThat(node.signals("queue.dead")).isEqualTo(4);
		assertThat(node.signals("queue.retried")).isZero();
		assertThat(node.queue().deadLetters("work").discard(10)).isEqualTo(4);
	}

	@Test
	void taskOfNewerVersionIsGivenBackForOthers() {
		QueueNode node = this.cluster.node();
		Queue<String> done = collect(node, "work");

		node.publishFrame("work", "{\"v\":99,\"id\":\"1\",\"type\":\"work\",\"from\":\"x\",\"at\":1}\n{\"name\":\"a\"}"
			.getBytes(StandardCharsets.UTF_8));
		node.queue().publish("work", new Work("good"));

		await().untilAsserted(() -> assertThat(node.signals("queue.newer")).isPositive());
		await().untilAsserted(() -> assertThat(done).containsExactly("good"));
		assertThat(node.signals("queue.dead")).isZero();
		assertThat(node.queue().deadLetters("work").discard(10)).isZero();
	}

	@Test
	void timeoutInterruptsTheHandlerAndCountsAsFailedAttempt() { // Q3
		QueueNode node = this.cluster.node();
		Queue<String> runs = new ConcurrentLinkedQueue<>();
		AtomicBoolean interrupted = new AtomicBoolean();
		AtomicBoolean told = new AtomicBoolean();
		node.queue().subscribe("work", Work.class, (task, context) -> {
			runs.add(task.name() + " " + context.attempt());
			if (context.attempt() == 1) {
				context.onCancel(() -> told.set(true));
				try {
					this.release.await();
				}
				catch (InterruptedException ex) {
					interrupted.set(context.cancelled());
					throw ex;
				}
			}
		});

		node.queue().publish("work", new Work("slow"), RETRY_SOON.withTimeout(Duration.ofMillis(100)));

		await().untilAsserted(() -> assertThat(runs).containsExactly("slow 1", "slow 2"));
		assertThat(interrupted).isTrue();
		await().untilAsserted(() -> assertThat(told).isTrue());
		assertThat(node.signals("queue.failed")).isEqualTo(1);
	}

	@Test
	void handlerThatIgnoresItsTimeoutLosesTaskAndSlot() { // Q3
		QueueNode node = this.cluster.node();
		Queue<String> runs = new ConcurrentLinkedQueue<>();
		CountDownLatch back = new CountDownLatch(1);
		node.queue().subscribe("work", Work.class, (task, context) -> {
			runs.add(task.name() + " " + context.attempt());
			if (task.name().equals("deaf") && context.attempt() == 1) {
				awaitDeaf(this.release);
				back.countDown();
			}
		});

		node.queue().publish("work", new Work("deaf"), RETRY_SOON.withTimeout(Duration.ofMillis(100)));
		node.queue().publish("work", new Work("next"));

		await().untilAsserted(() -> assertThat(runs).containsExactlyInAnyOrder("deaf 1", "deaf 2", "next 1"));
		assertThat(node.signals("queue.abandoned")).isEqualTo(1);
		assertThat(node.health().up()).isFalse();
		assertThat(node.health().details()).containsEntry("abandonedHandlers", 1);
		this.release.countDown();
		await().untilAsserted(() -> assertThat(node.signals("queue.rejected")).isEqualTo(1));
		await().untilAsserted(() -> assertThat(node.health().up()).isTrue());
		assertNothingMore(runs, 3);
	}

	@Test
	void timeoutWithoutRetriesLeavesDeadLetter() {
		QueueNode node = this.cluster.node(Map.of("nocobase.cluster.queue.timeout", "100ms"));
		node.queue().subscribe("work", Work.class, (task, context) -> this.release.await());

		node.queue().publish("work", new Work("slow"));

		await().untilAsserted(() -> assertThat(node.queue().deadLetters("work").discard(1)).isEqualTo(1));
	}

	@Test
	void timeoutOfSubscriptionWinsOverThatOfPublisher() {
		QueueNode node = this.cluster.node();
		Queue<String> done = new ConcurrentLinkedQueue<>();
		node.queue()
			.subscribe("work", Work.class, QueueOptions.DEFAULTS.withTimeout(Duration.ofSeconds(10)),
					(task, context) -> {
						assertThat(context.deadline()).isAfter(Instant.now().plusSeconds(5));
						pause(Duration.ofMillis(100));
						done.add(task.name());
					});

		node.queue().publish("work", new Work("slow"), TaskOptions.DEFAULTS.withTimeout(Duration.ofMillis(10)));

		await().untilAsserted(() -> assertThat(done).containsExactly("slow"));
	}

	@Test
	void progressAndExtendStartTheTimeAnew() {
		QueueNode node = this.cluster.node();
		Queue<String> done = new ConcurrentLinkedQueue<>();
		node.queue().subscribe("work", Work.class, (task, context) -> {
			for (int i = 0; i <= 6; i++) {
				context.progress(i, 6);
				pause(Duration.ofMillis(100));
			}
			context.extend(Duration.ofSeconds(5));
			pause(Duration.ofMillis(600));
			done.add(task.name());
		});

		node.queue().publish("work", new Work("slow"), TaskOptions.DEFAULTS.withTimeout(Duration.ofMillis(400)));

		await().untilAsserted(() -> assertThat(done).containsExactly("slow"));
		assertThat(node.signals("queue.failed")).isZero();
	}

	@Test
	void interruptNeverReachesTheNextTask() {
		QueueNode node = this.cluster.node();
		AtomicInteger disturbed = new AtomicInteger();
		AtomicInteger done = new AtomicInteger();
		node.queue().subscribe("work", Work.class, (task, context) -> {
			if (task.name().equals("slow")) {
				long until = System.nanoTime() + Duration.ofMillis(3).toNanos();
				while (System.nanoTime() - until < 0 && !context.cancelled()) {
					Thread.onSpinWait();
				}
				Thread.currentThread().interrupt();
			}
			else {
				disturbed.addAndGet(Thread.currentThread().isInterrupted() ? 1 : 0);
				done.incrementAndGet();
			}
		});

		for (int i = 0; i < 40; i++) {
			node.queue().publish("work", new Work("slow"), TaskOptions.DEFAULTS.withTimeout(Duration.ofMillis(3)));
			node.queue().publish("work", new Work("next"));
		}

		await().untilAsserted(() -> assertThat(done).hasValue(40));
		assertThat(disturbed).hasValue(0);
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2, 3 })
	void cancelReachesTheInstanceThatRunsTheTask(int instances) throws InterruptedException {
		List<QueueNode> nodes = this.cluster.nodes(instances);
		CountDownLatch started = new CountDownLatch(1);
		CountDownLatch told = new CountDownLatch(1);
		AtomicBoolean interrupted = new AtomicBoolean();
		AtomicInteger runs = new AtomicInteger();
		nodes.get(instances - 1).queue().subscribe("work", Work.class, (task, context) -> {
			runs.incrementAndGet();
			context.onCancel(() -> {
				throw new IllegalStateException("a callback that fails");
			});
			context.onCancel(told::countDown);
			started.countDown();
			interrupted.set(!told.await(10, TimeUnit.SECONDS));
			assertThat(context.cancelled()).isTrue();
			throw new IllegalStateException("stopped half way");
		});
		TaskReceipt receipt = nodes.get(0).queue().publish("work", new Work("long"), RETRY_SOON);
		assertThat(started.await(5, TimeUnit.SECONDS)).isTrue();

		boolean delivered = nodes.get(0).queue().cancel(receipt.id());

		assertThat(delivered).isTrue();
		assertThat(told.await(5, TimeUnit.SECONDS)).isTrue();
		await().untilAsserted(() -> assertThat(nodes).noneMatch((node) -> node.queue().cancel(receipt.id())));
		assertThat(interrupted).isFalse();
		assertStays(runs, 1);
		assertThat(nodes.get(0).queue().deadLetters("work").discard(1)).isZero();
	}

	@Test
	void cancelOfWhatDoesNotRunSaysSo() {
		QueueNode node = this.cluster.node();
		TaskReceipt waiting = node.queue().publish("work", new Work("waits"));

		assertThat(node.queue().cancel(waiting.id())).isFalse();
		assertThat(node.queue().cancel("unknown")).isFalse();

		Queue<String> done = collect(node, "work");
		await().untilAsserted(() -> assertThat(done).containsExactly("waits"));
		await().untilAsserted(() -> assertThat(node.queue().cancel(waiting.id())).isFalse());
	}

	@Test
	void callbackAddedAfterCancelRunsAtOnce() {
		QueueNode node = this.cluster.node();
		Queue<String> events = new ConcurrentLinkedQueue<>();
		TaskReceipt receipt = node.queue().publish("work", new Work("long"));
		node.queue().subscribe("work", Work.class, (task, context) -> {
			events.add("started");
			await().until(context::cancelled);
			context.onCancel(() -> events.add("called"));
			events.add("ended");
		});
		await().untilAsserted(() -> assertThat(events).containsExactly("started"));

		node.queue().cancel(receipt.id());

		await().untilAsserted(() -> assertThat(events).containsExactly("started", "called", "ended"));
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void subscriptionWithoutThreadTakesTasksAgainByItself(boolean gated) {
		RefusingExecutor executor = new RefusingExecutor();
		QueueNode node = nodeOn(executor);
		Queue<String> done = new ConcurrentLinkedQueue<>();
		QueueOptions options = gated ? QueueOptions.DEFAULTS.withIdle(() -> true) : QueueOptions.DEFAULTS;
		executor.refuse(true);
		node.queue()
			.subscribe("work", Work.class, options.withConcurrency(3), (task, context) -> done.add(task.name()));
		for (String name : List.of("a", "b", "c", "d", "e")) {
			node.queue().publish("work", new Work(name));
		}
		await().untilAsserted(() -> assertThat(executor.refused()).isPositive());
		assertThat(done).isEmpty();

		executor.refuse(false);

		await().untilAsserted(() -> assertThat(done).containsExactlyInAnyOrder("a", "b", "c", "d", "e"));
		assertThat(node.signals("queue.dead")).isZero();
		node.queue().publish("work", new Work("f"));
		await().untilAsserted(() -> assertThat(done).hasSize(6));
	}

	@Test
	void tasksOfSubscriptionWithoutThreadAreDoneByAnotherInstance() {
		RefusingExecutor executor = new RefusingExecutor();
		QueueNode starved = nodeOn(executor);
		collect(starved, "work");
		executor.refuse(true);
		QueueNode publisher = this.cluster.node();
		publisher.queue().publish("work", new Work("a"));
		publisher.queue().publish("work", new Work("b"));
		await().untilAsserted(() -> assertThat(executor.refused()).isPositive());

		Queue<String> done = collect(publisher, "work");

		await().untilAsserted(() -> assertThat(done).containsExactlyInAnyOrder("a", "b"));
	}

	@Test
	void workersThatThereAreGoOnWhileThereIsNoThreadForMore() throws InterruptedException {
		RefusingExecutor executor = new RefusingExecutor();
		QueueNode node = nodeOn(executor);
		Queue<String> done = new ConcurrentLinkedQueue<>();
		CountDownLatch started = new CountDownLatch(1);
		CountDownLatch goOn = new CountDownLatch(1);
		node.queue().subscribe("work", Work.class, QueueOptions.DEFAULTS.withConcurrency(3), (task, context) -> {
			started.countDown();
			goOn.await();
			done.add(task.name());
		});
		node.queue().publish("work", new Work("a"));
		assertThat(started.await(5, TimeUnit.SECONDS)).isTrue();
		executor.refuse(true);
		for (String name : List.of("b", "c", "d")) {
			node.queue().publish("work", new Work(name));
		}

		goOn.countDown();

		await().untilAsserted(() -> assertThat(done).containsExactlyInAnyOrder("a", "b", "c", "d"));
	}

	@Test
	void stopWithoutThreadsGivesBackWhatRuns() throws InterruptedException {
		RefusingExecutor executor = new RefusingExecutor();
		QueueNode node = nodeOn(executor, Map.of("nocobase.cluster.queue.drain", "10ms"));
		QueueNode other = this.cluster.node();
		CountDownLatch started = new CountDownLatch(1);
		node.queue().subscribe("work", Work.class, (task, context) -> {
			context.onCancel(() -> {
			});
			started.countDown();
			this.release.await();
		});
		node.queue().publish("work", new Work("long"));
		assertThat(started.await(5, TimeUnit.SECONDS)).isTrue();
		executor.refuse(true);

		node.stop();

		Queue<String> done = collect(other, "work");
		await().untilAsserted(() -> assertThat(done).containsExactly("long"));
	}

	@Test
	void deadWorkerGivesItsTasksBackAndUsesUpNoRetry() throws InterruptedException { // Q1
		QueueNode dying = this.cluster.node();
		QueueNode heir = this.cluster.node();
		CountDownLatch started = new CountDownLatch(1);
		dying.queue().subscribe("work", Work.class, (task, context) -> {
			started.countDown();
			awaitDeaf(this.release);
		});
		TaskReceipt receipt = heir.queue().publish("work", new Work("survives"));
		assertThat(started.await(5, TimeUnit.SECONDS)).isTrue();
		Queue<String> done = new ConcurrentLinkedQueue<>();
		heir.queue().subscribe("work", Work.class, (task, context) -> done.add(context.id() + " " + context.attempt()));

		this.cluster.crash(dying);

		await().untilAsserted(() -> assertThat(done).containsExactly(receipt.id() + " 1"));
		this.release.countDown();
		await().untilAsserted(() -> assertThat(dying.signals("queue.rejected")).isEqualTo(1));
		assertNothingMore(done, 1);
	}

	@Test
	void taskThatKillsItsWorkersBecomesDeadLetter() {
		QueueNode publisher = this.cluster.node();
		publisher.queue().publish("work", new Work("killer"));
		AtomicInteger started = new AtomicInteger();
		for (int i = 1; i <= 3; i++) {
			QueueNode dying = this.cluster.node();
			dying.queue().subscribe("work", Work.class, (task, context) -> {
				started.incrementAndGet();
				awaitDeaf(this.release);
			});
			int deaths = i;
			await().untilAsserted(() -> assertThat(started).hasValue(deaths));
			this.cluster.crash(dying);
		}

		Queue<String> done = collect(publisher, "work");

		await().untilAsserted(() -> assertThat(publisher.signals("queue.dead")).isEqualTo(1));
		assertThat(done).isEmpty();
		assertThat(publisher.queue().deadLetters("work").retry(1)).isEqualTo(1);
		await().untilAsserted(() -> assertThat(done).containsExactly("killer"));
	}

	private QueueNode nodeOn(RefusingExecutor executor) {
		return nodeOn(executor, Map.of());
	}

	private QueueNode nodeOn(RefusingExecutor executor, Map<String, Object> settings) {
		return this.cluster.node(settings, executor::register);
	}

}
