package com.nocobase.cluster.queue;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * What {@link TaskLookup} promises on every adapter that has it.
 */
public abstract class TaskLookupContract extends QueueContractSupport {

	@Test
	void taskIsFoundInEveryState() throws InterruptedException {
		QueueNode node = this.cluster.node();
		TaskLookup lookup = this.cluster.node().bean(TaskLookup.class);
		String waiting = node.queue().publish("work", new Work("waits")).id();
		assertThat(lookup.find(waiting)).hasValueSatisfying((task) -> {
			assertThat(task.channel()).isEqualTo("work");
			assertThat(task.shared()).isFalse();
			assertThat(task.state()).isEqualTo(TaskState.WAITING);
			assertThat(task.attempt()).isZero();
			assertThat(task.publishedAt()).isBetween(Instant.now().minusSeconds(10), Instant.now().plusSeconds(1));
		});
		CountDownLatch started = new CountDownLatch(1);
		node.queue().subscribe("work", Work.class, (task, context) -> {
			if (task.name().equals("fails")) {
				throw new IllegalStateException("no luck with " + context.attempt());
			}
			context.progress(3, 7);
			started.countDown();
			this.release.await();
		});
		assertThat(started.await(5, TimeUnit.SECONDS)).isTrue();
		assertThat(lookup.find(waiting)).hasValueSatisfying((task) -> {
			assertThat(task.state()).isEqualTo(TaskState.RUNNING);
			assertThat(task.attempt()).isEqualTo(1);
			assertThat(task.done()).isEqualTo(3);
			assertThat(task.total()).isEqualTo(7);
		});

		String fails = node.queue()
			.publish("work", new Work("fails"),
					TaskOptions.DEFAULTS.withMaxRetries(1).withBackoff(Backoff.fixed(Duration.ofMillis(300))))
			.id();
		this.release.countDown();

		await().untilAsserted(() -> assertState(lookup, waiting, TaskState.SUCCEEDED, 1));
		await().untilAsserted(() -> assertState(lookup, fails, TaskState.DELAYED, 1));
		await().untilAsserted(() -> assertState(lookup, fails, TaskState.DEAD, 2));
		assertThat(lookup.find(fails)).hasValueSatisfying(
				(task) -> assertThat(task.error()).contains("IllegalStateException").contains("no luck with 2"));
		assertThat(lookup.find("unknown")).isEmpty();
	}

	@Test
	void waitingAndDelayedTasksAreCancelled() {
		QueueNode node = this.cluster.node();
		TaskLookup lookup = this.cluster.node().bean(TaskLookup.class);
		String waiting = node.queue().publish("work", new Work("waiting")).id();
		String delayed = node.queue()
			.publish("work", new Work("delayed"), TaskOptions.DEFAULTS.withDelay(Duration.ofMillis(100)))
			.id();
		node.queue().publish("work", new Work("rest"));

		assertThat(lookup.cancel(waiting)).isTrue();
		assertThat(lookup.cancel(delayed)).isTrue();
		assertThat(lookup.cancel(waiting)).isFalse();
		assertThat(lookup.cancel("unknown")).isFalse();

		Queue<String> done = collect(node, "work");
		await().untilAsserted(() -> assertThat(done).containsExactly("rest"));
		assertNothingMore(done, 1);
		assertState(lookup, waiting, TaskState.CANCELED, 0);
		assertState(lookup, delayed, TaskState.CANCELED, 0);
	}

	@Test
	void runningTaskIsCanceledWhenItsHandlerHasEnded() throws InterruptedException {
		QueueNode node = this.cluster.node();
		TaskLookup lookup = node.bean(TaskLookup.class);
		CountDownLatch started = new CountDownLatch(1);
		node.queue().subscribe("work", Work.class, (task, context) -> {
			started.countDown();
			await().until(context::cancelled);
		});
		String running = node.queue().publish("work", new Work("runs")).id();
		assertThat(started.await(5, TimeUnit.SECONDS)).isTrue();

		assertThat(lookup.cancel(running)).isFalse();
		assertThat(node.queue().cancel(running)).isTrue();

		await().untilAsserted(() -> assertState(lookup, running, TaskState.CANCELED, 1));
	}

	@Test
	void depthAndAgeCountWhatWaitsOrIsDelayed() {
		QueueNode node = this.cluster.node();
		TaskLookup lookup = this.cluster.node().bean(TaskLookup.class);
		assertThat(lookup.depth("work")).isZero();
		assertThat(lookup.oldestAge("work")).isEmpty();

		node.queue().publish("work", new Work("a"));
		pause(Duration.ofMillis(50));
		node.queue().publish("work", new Work("b"), TaskOptions.DEFAULTS.withDelay(Duration.ofMillis(200)));
		node.queue().publish(this.shared, new Work("c"), TaskOptions.DEFAULTS.withShared());

		assertThat(lookup.depth("work")).isEqualTo(2);
		assertThat(lookup.oldestAge("work"))
			.hasValueSatisfying((age) -> assertThat(age).isBetween(Duration.ofMillis(40), Duration.ofSeconds(10)));
		assertThat(lookup.depth(this.shared, true)).isEqualTo(1);
		collect(node, "work");
		await().untilAsserted(() -> assertThat(lookup.depth("work")).isZero());
		assertThat(lookup.oldestAge("work")).isEmpty();
	}

	@Test
	void deadLettersAreListedRetriedAndDiscardedOneByOne() {
		QueueNode node = this.cluster.node();
		TaskLookup lookup = this.cluster.node().bean(TaskLookup.class);
		byte[] rubbish = "rubbish".getBytes(StandardCharsets.UTF_8);
		node.publishFrame("work", rubbish);
		String first = node.queue().publish("work", new Work("first"), RETRY_SOON).id();
		QueueSubscription failing = node.queue().subscribe("work", Work.class, (task, context) -> {
			throw new IllegalStateException("x".repeat(100_000));
		});
		await().untilAsserted(() -> assertThat(lookup.deadLetters("work", 10)).hasSize(2));
		failing.close();

		List<DeadLetter> letters = lookup.deadLetters("work", 10);

		assertThat(letters.get(0).frame()).isEqualTo(rubbish);
		assertThat(letters.get(0).attempts()).isZero();
		assertThat(letters.get(0).error()).isNotBlank();
		assertThat(letters.get(1).id()).isEqualTo(first);
		assertThat(letters.get(1).attempts()).isEqualTo(3);
		assertThat(letters.get(1).error()).startsWith("java.lang.IllegalStateException: xxx").hasSizeLessThan(10_000);
		assertThat(letters.get(1).diedAt()).isAfterOrEqualTo(letters.get(1).publishedAt());
		assertThat(lookup.deadLetters("work", 1)).containsExactly(letters.get(0));
		assertThat(lookup.discardDead(letters.get(0).id())).isTrue();
		assertThat(lookup.discardDead(letters.get(0).id())).isFalse();
		Queue<String> done = collect(node, "work");
		assertThat(lookup.retryDead(first)).isTrue();
		assertThat(lookup.retryDead(first)).isFalse();
		await().untilAsserted(() -> assertThat(done).containsExactly("first"));
		assertThat(lookup.deadLetters("work", 10)).isEmpty();
	}

	@Test
	void tasksOfOtherApplicationsAreNotSeen() {
		QueueNode node = this.cluster.node();
		TaskLookup theirs = this.cluster.nodeOf("other").bean(TaskLookup.class);
		String ours = node.queue().publish("work", new Work("ours")).id();
		String common = node.queue().publish(this.shared, new Work("shared"), TaskOptions.DEFAULTS.withShared()).id();

		assertThat(theirs.find(ours)).isEmpty();
		assertThat(theirs.cancel(ours)).isFalse();
		assertThat(theirs.depth("work")).isZero();
		assertThat(theirs.find(common)).hasValueSatisfying((task) -> {
			assertThat(task.channel()).isEqualTo(this.shared);
			assertThat(task.shared()).isTrue();
		});
	}

	@Test
	void badInputIsRefused() {
		TaskLookup lookup = this.cluster.node().bean(TaskLookup.class);

		assertThatIllegalArgumentException().isThrownBy(() -> lookup.find(" ")).withMessageContaining("id");
		assertThatIllegalArgumentException().isThrownBy(() -> lookup.depth("")).withMessageContaining("channel");
		assertThatIllegalArgumentException().isThrownBy(() -> lookup.oldestAge("x".repeat(10_000)))
			.withMessageContaining("channel");
		assertThatIllegalArgumentException().isThrownBy(() -> lookup.deadLetters("work", 0))
			.withMessageContaining("atMost");
	}

	private static void assertState(TaskLookup lookup, String id, TaskState state, int attempt) {
		assertThat(lookup.find(id)).hasValueSatisfying((task) -> {
			assertThat(task.state()).isEqualTo(state);
			assertThat(task.attempt()).isEqualTo(attempt);
		});
	}

}
