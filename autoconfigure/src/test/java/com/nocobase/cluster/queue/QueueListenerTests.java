package com.nocobase.cluster.queue;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import com.nocobase.cluster.autoconfigure.ClusterAutoConfiguration;
import com.nocobase.cluster.autoconfigure.QueueAutoConfiguration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * {@link QueueListener}.
 */
@Timeout(20)
class QueueListenerTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(ClusterAutoConfiguration.class, QueueAutoConfiguration.class))
		.withPropertyValues("work.channel=work", "work.concurrency=3");

	@Test
	void annotatedMethodsHandleTasks() {
		this.runner.withBean(Worker.class).run((context) -> {
			EventQueue queue = context.getBean(EventQueue.class);
			Worker worker = context.getBean(Worker.class);

			TaskReceipt receipt = queue.publish("work", "a");
			queue.publish("numbers", 7);
			queue.publish("shared", "b", TaskOptions.DEFAULTS.withShared());

			await().untilAsserted(() -> assertThat(worker.done).containsExactlyInAnyOrder(receipt.id() + " a",
					"number 7", "shared b"));
		});
	}

	@Test
	void timeoutOfAnnotationIsHeeded() {
		this.runner.withBean(Slow.class).run((context) -> {
			EventQueue queue = context.getBean(EventQueue.class);

			queue.publish("slow", "a");

			await().untilAsserted(() -> assertThat(queue.deadLetters("slow").discard(1)).isEqualTo(1));
		});
	}

	@Test
	void methodWithWrongParametersStopsTheStart() {
		this.runner.withBean(NoParameter.class)
			.run((context) -> assertThat(context).hasFailed()
				.getFailure()
				.hasMessageContaining("@QueueListener")
				.hasMessageContaining("NoParameter.handle()"));
		this.runner.withBean(WrongSecondParameter.class)
			.run((context) -> assertThat(context).hasFailed()
				.getFailure()
				.hasMessageContaining("WrongSecondParameter.handle(String,String)"));
		this.runner.withBean(ContextOnly.class)
			.run((context) -> assertThat(context).hasFailed()
				.getFailure()
				.hasMessageContaining("ContextOnly.handle(TaskContext)"));
	}

	@Test
	void textsThatCannotBeResolvedStopTheStart() {
		this.runner.withBean(WrongConcurrency.class)
			.run((context) -> assertThat(context).hasFailed()
				.getFailure()
				.hasMessageContaining("WrongConcurrency.handle(String)")
				.hasMessageContaining("many"));
		this.runner.withBean(WrongExpression.class)
			.run((context) -> assertThat(context).hasFailed()
				.getFailure()
				.hasMessageContaining("WrongExpression.handle(String)"));
		this.runner.withBean(TwoOnOneChannel.class)
			.run((context) -> assertThat(context).hasFailed().getFailure().hasMessageContaining("'work'"));
	}

	static class Worker {

		final Queue<String> done = new ConcurrentLinkedQueue<>();

		@QueueListener(channel = "${work.channel}", concurrency = "#{${work.concurrency} + 1}")
		void work(String task, TaskContext context) {
			assertThat(context.deadline()).isNotNull();
			this.done.add(context.id() + " " + task);
		}

		@QueueListener(channel = "numbers")
		void number(int number) {
			this.done.add("number " + number);
		}

		@QueueListener(channel = "shared", shared = true)
		void shared(String task) {
			this.done.add("shared " + task);
		}

	}

	static class Slow {

		@QueueListener(channel = "slow", timeout = "50ms")
		void slow(String task) throws InterruptedException {
			Thread.currentThread().join(Duration.ofSeconds(10).toMillis());
		}

	}

	static class NoParameter {

		@QueueListener(channel = "work")
		void handle() {
		}

	}

	static class WrongSecondParameter {

		@QueueListener(channel = "work")
		void handle(String task, String other) {
		}

	}

	static class ContextOnly {

		@QueueListener(channel = "work")
		void handle(TaskContext context) {
		}

	}

	static class WrongConcurrency {

		@QueueListener(channel = "work", concurrency = "many")
		void handle(String task) {
		}

	}

	static class WrongExpression {

		@QueueListener(channel = "#{nobody.knows}")
		void handle(String task) {
		}

	}

	static class TwoOnOneChannel {

		@QueueListener(channel = "work")
		void first(String task) {
		}

		@QueueListener(channel = "work")
		void second(String task) {
		}

	}

}
