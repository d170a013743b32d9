package com.nocobase.cluster.queue;

import java.time.Duration;
import java.util.Map;
import java.util.Queue;

import org.junit.jupiter.api.Test;

import com.nocobase.cluster.message.SendState;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * What {@link Dedup} promises on every adapter that has it.
 */
public abstract class DedupContract extends QueueContractSupport {

	@Test
	void secondTaskWithTheSameIdIsDroppedAndNamesTheFirst() {
		QueueNode node = this.cluster.node();
		QueueNode other = this.cluster.node();

		TaskReceipt first = node.queue().publish("work", new Work("first"), same(node, "a"));
		TaskReceipt second = other.queue().publish("work", new Work("second"), same(other, "a"));
		other.queue().publish("work", new Work("third"), same(other, "b"));

		assertThat(second.id()).isEqualTo(first.id());
		assertThat(second.state()).isEqualTo(SendState.SENT);
		Queue<String> done = collect(other, "work");
		await().untilAsserted(() -> assertThat(done).containsExactly("first", "third"));
		node.queue().publish("work", new Work("late double"), same(node, "a"));
		assertNothingMore(done, 2);
	}

	@Test
	void sameIdInAnotherChannelIsAnotherTask() {
		QueueNode node = this.cluster.node();

		TaskReceipt here = node.queue().publish("work", new Work("here"), same(node, "a"));
		TaskReceipt there = node.queue().publish("other", new Work("there"), same(node, "a"));

		assertThat(here.id()).isNotEqualTo(there.id());
		Queue<String> done = collect(node, "other");
		await().untilAsserted(() -> assertThat(done).containsExactly("there"));
	}

	@Test
	void idIsFreeAgainAfterTheWindow() {
		QueueNode node = this.cluster.node(Map.of("nocobase.cluster.queue.dedup-window", "200ms"));
		Queue<String> done = collect(node, "work");
		node.queue().publish("work", new Work("first"), same(node, "a"));
		await().untilAsserted(() -> assertThat(done).containsExactly("first"));

		await().untilAsserted(() -> {
			node.queue().publish("work", new Work("again"), same(node, "a"));
			assertThat(done).hasSizeGreaterThan(1);
		});
	}

	@Test
	void taskThatIsNotOverHoldsItsIdLongerThanTheWindow() {
		QueueNode node = this.cluster.node(Map.of("nocobase.cluster.queue.dedup-window", "1ms"));
		node.queue().publish("work", new Work("first"), same(node, "a").withDelay(Duration.ofMillis(300)));
		pause(Duration.ofMillis(50));

		node.queue().publish("work", new Work("double"), same(node, "a"));

		Queue<String> done = collect(node, "work");
		await().untilAsserted(() -> assertThat(done).containsExactly("first"));
		assertNothingMore(done, 1);
	}

	@Test
	void badIdIsRefused() {
		QueueNode node = this.cluster.node();

		assertThatIllegalArgumentException().isThrownBy(() -> same(node, " ")).withMessageContaining("dedupId");
		assertThatIllegalArgumentException().isThrownBy(() -> same(node, "x".repeat(10_000)))
			.withMessageContaining("dedupId");
	}

	private static TaskOptions same(QueueNode node, String dedupId) {
		return node.bean(Dedup.class).withDedupId(TaskOptions.DEFAULTS, dedupId);
	}

}
