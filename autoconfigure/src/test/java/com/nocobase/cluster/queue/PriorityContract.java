package com.nocobase.cluster.queue;

import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * What {@link Priority} promises on every adapter that has it.
 */
public abstract class PriorityContract extends QueueContractSupport {

	@Test
	void importantTasksAreTakenFirstAndEqualOnesInOrder() {
		QueueNode node = this.cluster.node();
		for (int priority : List.of(0, 5, 9, 5, 0, 9)) {
			node.queue().publish("work", new Work("" + priority), important(node, priority));
		}
		node.queue().publish("work", new Work("plain"));

		Queue<String> done = collect(node, "work");

		await().untilAsserted(() -> assertThat(done).containsExactly("9", "9", "5", "5", "0", "0", "plain"));
	}

	@Test
	void priorityHoldsForRetries() {
		QueueNode node = this.cluster.node();
		node.queue().publish("work", new Work("plain"));
		node.queue().publish("work", new Work("plain"));
		node.queue()
			.publish("work", new Work("important"),
					important(node, 9).withMaxRetries(1).withBackoff(Backoff.fixed(Duration.ZERO)));
		Queue<String> runs = new ConcurrentLinkedQueue<>();

		node.queue().subscribe("work", Work.class, (task, context) -> {
			runs.add(task.name());
			if (task.name().equals("important") && context.attempt() == 1) {
				throw new IllegalStateException("no luck");
			}
		});

		await().untilAsserted(() -> assertThat(runs).containsExactly("important", "important", "plain", "plain"));
	}

	@Test
	void priorityOutsideOfZeroToNineIsRefused() {
		QueueNode node = this.cluster.node();

		assertThatIllegalArgumentException().isThrownBy(() -> important(node, -1)).withMessageContaining("-1");
		assertThatIllegalArgumentException().isThrownBy(() -> important(node, 10)).withMessageContaining("10");
	}

	private static TaskOptions important(QueueNode node, int priority) {
		return node.bean(Priority.class).withPriority(TaskOptions.DEFAULTS, priority);
	}

}
