package com.nocobase.cluster.queue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;

import com.nocobase.cluster.support.RefusingExecutor;
import com.nocobase.cluster.worker.WorkerMode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the event queue promises on every adapter about gates, stops and restarts.
 */
public abstract class QueueLifeContract extends QueueContractSupport {

	@Test
	void instanceThatIsNotIdleLeavesTasksToOthers() {
		QueueNode busy = this.cluster.node();
		QueueNode free = this.cluster.node();
		AtomicBoolean idle = new AtomicBoolean();
		Queue<String> done = new ConcurrentLinkedQueue<>();
		busy.queue()
			.subscribe("work", Work.class, QueueOptions.DEFAULTS.withIdle(idle::get),
					(task, context) -> done.add(task.name()));
		Queue<String> others = collect(free, "work");

		busy.queue().publish("work", new Work("a"));
		await().untilAsserted(() -> assertThat(others).containsExactly("a"));
		assertThat(done).isEmpty();
	}

	@Test
	void changeOfGateIsNoticedSoon() {
		QueueNode node = this.cluster.node();
		AtomicBoolean idle = new AtomicBoolean();
		Queue<Long> done = new ConcurrentLinkedQueue<>();
		node.queue()
			.subscribe("work", Work.class, QueueOptions.DEFAULTS.withIdle(idle::get).withConcurrency(3),
					(task, context) -> done.add(System.nanoTime()));
		node.queue().publish("work", new Work("a"));
		assertNothingMore(done, 0);

		long opened = System.nanoTime();
		idle.set(true);

		await().untilAsserted(() -> assertThat(done).hasSize(1));
		assertThat(Duration.ofNanos(done.remove() - opened)).isLessThan(Duration.ofMillis(400));
		idle.set(false);
		pause(Duration.ofMillis(300));
		node.queue().publish("work", new Work("b"));
		assertNothingMore(done, 0);
		assertThat(node.health().up()).isTrue();
	}

	@Test
	void gateIsAskedBeforeEachTask() {
		QueueNode node = this.cluster.node();
		AtomicInteger permits = new AtomicInteger(3);
		Queue<String> done = new ConcurrentLinkedQueue<>();
		node.queue()
			.subscribe("work", Work.class, QueueOptions.DEFAULTS.withIdle(() -> permits.get() > 0), (task, context) -> {
				permits.decrementAndGet();
				done.add(task.name());
			});

		for (int i = 0; i < 10; i++) {
			node.queue().publish("work", new Work("" + i));
		}

		await().untilAsserted(() -> assertThat(done).hasSize(3));
		assertNothingMore(done, 3);
	}

	@Test
	void gatedSubscriptionUsesAllItsSlots() {
		QueueNode node = this.cluster.node();
		AtomicInteger running = new AtomicInteger();
		node.queue()
			.subscribe("work", Work.class, QueueOptions.DEFAULTS.withIdle(() -> true).withConcurrency(5),
					(task, context) -> {
						running.incrementAndGet();
						this.release.await();
					});

		for (int i = 0; i < 10; i++) {
			node.queue().publish("work", new Work("" + i));
		}

		await().untilAsserted(() -> assertThat(running).hasValue(5));
		assertStays(running, 5);
	}

	@Test
	void gateThatThrowsCountsAsFalseAndGoesOnBeingAsked() { // Q10
		QueueNode node = this.cluster.node();
		AtomicBoolean broken = new AtomicBoolean(true);
		Queue<String> done = new ConcurrentLinkedQueue<>();
		node.queue().subscribe("work", Work.class, QueueOptions.DEFAULTS.withIdle(() -> {
			if (broken.get()) {
				throw new IllegalStateException("a gate that fails");
			}
			return true;
		}), (task, context) -> done.add(task.name()));
		Queue<String> other = collect(node, "other");

		node.queue().publish("work", new Work("a"));
		node.queue().publish("other", new Work("b"));

		await().untilAsserted(() -> assertThat(other).containsExactly("b"));
		await().untilAsserted(() -> assertThat(node.signals("queue.gate-failed")).isGreaterThan(1));
		assertThat(done).isEmpty();
		broken.set(false);
		await().untilAsserted(() -> assertThat(done).containsExactly("a"));
	}

	@Test
	void gateThatNeverReturnsHarmsItsOwnSubscriptionOnly() {
		QueueNode node = this.cluster.node();
		Queue<String> done = new ConcurrentLinkedQueue<>();
		node.queue().subscribe("work", Work.class, QueueOptions.DEFAULTS.withIdle(() -> {
			awaitDeaf(this.release);
			return true;
		}), (task, context) -> done.add(task.name()));
		Queue<String> other = collect(node, "other");

		node.queue().publish("work", new Work("a"));
		node.queue().publish("other", new Work("b"));

		await().untilAsserted(() -> assertThat(other).containsExactly("b"));
		await().untilAsserted(() -> assertThat(node.health().details()).containsEntry("hangingGates", 1L));
		assertThat(node.health().up()).isFalse();
		assertThat(done).isEmpty();
		long before = System.nanoTime();
		node.stop();
		assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(2));
	}

	@Test
	void keyOfASubscriptionIsKnownAtOnce() {
		RefusingExecutor executor = new RefusingExecutor();
		QueueNode node = this.cluster.node(Map.of(), (context) -> {
			executor.register(context);
			context.registerBean(WorkerMode.class, () -> WorkerMode.of("!"));
		});
		executor.refuse(true);

		node.queue()
			.subscribe("work", Work.class, QueueOptions.DEFAULTS.withServing("task:process"), (task, context) -> {
			});

		assertThat(node.bean(WorkerMode.class).known()).containsEntry("task:process", false);
	}

	@Test
	void onlyInstancesThatServeTheKeyTakeWork() {
		AtomicBoolean serves = new AtomicBoolean();
		QueueNode node = this.cluster.node(Map.of(),
				(context) -> context.registerBean(WorkerMode.class, () -> new OneKey("task:process", serves)));
		Queue<String> done = new ConcurrentLinkedQueue<>();
		node.queue()
			.subscribe("work", Work.class, QueueOptions.DEFAULTS.withServing("task:process"),
					(task, context) -> done.add(task.name()));
		node.queue().publish("work", new Work("a"));
		assertNothingMore(done, 0);

		serves.set(true);

		await().untilAsserted(() -> assertThat(done).containsExactly("a"));
	}

	@Test
	void stopLetsRunningTasksEndAndGivesBackTheRest() throws InterruptedException { // Q9
		QueueNode stopping = this.cluster.node();
		QueueNode other = this.cluster.node();
		CountDownLatch started = new CountDownLatch(1);
		Queue<String> done = new ConcurrentLinkedQueue<>();
		stopping.queue().subscribe("work", Work.class, (task, context) -> {
			started.countDown();
			pause(Duration.ofMillis(300));
			done.add(task.name() + " " + context.cancelled());
		});
		other.queue().publish("work", new Work("runs"));
		other.queue().publish("work", new Work("waits"));
		assertThat(started.await(5, TimeUnit.SECONDS)).isTrue();

		stopping.stop();

		assertThat(done).containsExactly("runs false");
		Queue<String> rest = collect(other, "work");
		await().untilAsserted(() -> assertThat(rest).containsExactly("waits"));
		assertNothingMore(rest, 1);
		assertThat(done).hasSize(1);
	}

	@Test
	void taskThatOutlastsTheStopIsToldInterruptedAndGivenBack() throws InterruptedException { // Q3
		QueueNode stopping = this.cluster
			.node(Map.of("nocobase.cluster.queue.drain", "100ms", "spring.lifecycle.timeout-per-shutdown-phase", "4s"));
		QueueNode other = this.cluster.node();
		CountDownLatch started = new CountDownLatch(2);
		AtomicBoolean told = new AtomicBoolean();
		Queue<String> stopped = new ConcurrentLinkedQueue<>();
		stopping.queue()
			.subscribe("work", Work.class, QueueOptions.DEFAULTS.withConcurrency(2).withTimeout(Duration.ofMinutes(1)),
					(task, context) -> {
						context.onCancel(() -> told.set(true));
						started.countDown();
						if (task.name().equals("deaf")) {
							awaitDeaf(this.release);
							return;
						}
						try {
							this.release.await();
						}
						catch (InterruptedException ex) {
							stopped.add(task.name());
							throw ex;
						}
					});
		TaskReceipt slow = other.queue().publish("work", new Work("slow"));
		TaskReceipt deaf = other.queue().publish("work", new Work("deaf"));
		assertThat(started.await(5, TimeUnit.SECONDS)).isTrue();
		Queue<String> done = new ConcurrentLinkedQueue<>();
		long before = System.nanoTime();

		stopping.stop();

		assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(4));
		assertThat(told).isTrue();
		assertThat(stopped).containsExactly("slow");
		other.queue()
			.subscribe("work", Work.class, (task, context) -> done.add(context.id() + " " + context.attempt()));
		await().untilAsserted(() -> assertThat(done).containsExactlyInAnyOrder(slow.id() + " 1", deaf.id() + " 1"));
		this.release.countDown();
		await().untilAsserted(() -> assertThat(stopping.signals("queue.rejected")).isEqualTo(1));
		assertNothingMore(done, 2);
	}

	@Test
	void retryThatWaitsSurvivesTheStop() { // Q2
		QueueNode stopping = this.cluster.node();
		QueueNode other = this.cluster.node();
		stopping.queue().subscribe("work", Work.class, (task, context) -> {
			throw new IllegalStateException("no luck");
		});
		other.queue()
			.publish("work", new Work("again"),
					TaskOptions.DEFAULTS.withMaxRetries(5).withBackoff(Backoff.fixed(Duration.ofMillis(400))));
		await().untilAsserted(() -> assertThat(stopping.signals("queue.retried")).isEqualTo(1));

		stopping.close();

		Queue<Integer> attempts = new ConcurrentLinkedQueue<>();
		other.queue().subscribe("work", Work.class, (task, context) -> attempts.add(context.attempt()));
		await().untilAsserted(() -> assertThat(attempts).containsExactly(2));
	}

	@Test
	void restartTakesUpWhatWaits() { // Q8
		QueueNode node = this.cluster.node();
		AtomicBoolean idle = new AtomicBoolean();
		Queue<String> done = new ConcurrentLinkedQueue<>();
		node.queue()
			.subscribe("work", Work.class, QueueOptions.DEFAULTS.withIdle(idle::get),
					(task, context) -> done.add(task.name()));
		node.queue().publish("work", new Work("a"));
		node.queue().publish("work", new Work("b"), TaskOptions.DEFAULTS.withDelay(Duration.ofMillis(200)));

		node.stop();
		assertNothingMore(done, 0);
		idle.set(true);
		node.start();

		await().untilAsserted(() -> assertThat(done).containsExactly("a", "b"));
		assertNothingMore(done, 2);
	}

	@Test
	void restartsDoNotMultiplyConsumers() { // Q10
		QueueNode node = this.cluster.node();
		AtomicInteger running = new AtomicInteger();
		AtomicInteger most = new AtomicInteger();
		AtomicInteger done = new AtomicInteger();
		node.queue().subscribe("work", Work.class, QueueOptions.DEFAULTS.withConcurrency(2), (task, context) -> {
			most.accumulateAndGet(running.incrementAndGet(), Math::max);
			pause(Duration.ofMillis(5));
			running.decrementAndGet();
			done.incrementAndGet();
		});
		for (int i = 0; i < 5; i++) {
			node.stop();
			node.start();
		}

		for (int i = 0; i < 40; i++) {
			node.queue().publish("work", new Work("" + i));
		}

		await().untilAsserted(() -> assertThat(done).hasValue(40));
		assertThat(most).hasValue(2);
	}

	@Test
	void nothingIsLostOrDoubledWhileInstancesComeAndGo() {
		Map<String, AtomicInteger> successes = new ConcurrentHashMap<>();
		QueueNode publisher = this.cluster.node();
		List<QueueNode> workers = this.cluster.nodes(2);
		for (QueueNode worker : workers) {
			worker.queue().subscribe("work", Work.class, QueueOptions.DEFAULTS.withConcurrency(3), (task, context) -> {
				if (context.attempt() == 1 && task.name().hashCode() % 3 == 0) {
					throw new IllegalStateException("no luck");
				}
				pause(Duration.ofMillis(2));
				successes.computeIfAbsent(task.name(), (key) -> new AtomicInteger()).incrementAndGet();
			});
		}

		for (int i = 0; i < 300; i++) {
			publisher.queue().publish("work", new Work("" + i), RETRY_SOON);
			if (i % 50 == 25) {
				QueueNode restarted = workers.get((i / 50) % 2);
				restarted.stop();
				restarted.start();
			}
		}

		await().untilAsserted(() -> assertThat(successes).hasSize(300));
		assertThat(successes.values()).allMatch((count) -> count.get() == 1);
	}

}
