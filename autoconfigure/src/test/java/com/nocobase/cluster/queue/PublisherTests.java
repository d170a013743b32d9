package com.nocobase.cluster.queue;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.transaction.support.TransactionTemplate;

import com.nocobase.cluster.message.Instance;
import com.nocobase.cluster.message.SendState;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Publishing to a broker that does not answer.
 */
@Timeout(20)
class PublisherTests {

	private final SilentAdapter adapter = new SilentAdapter();

	private final QueueCluster cluster = new QueueCluster(new SilentBroker(this.adapter));

	private final QueueNode node = this.cluster.node();

	@AfterEach
	void close() {
		this.cluster.close();
	}

	@Test
	void publishWaitsNoLongerThanItsLimit() {
		long before = System.nanoTime();

		assertThatExceptionOfType(QueueException.class).isThrownBy(() -> this.node.queue().publish("work", "a"))
			.withMessageContaining("PT0.3S");

		assertThat(Duration.ofNanos(System.nanoTime() - before)).isBetween(Duration.ofMillis(290),
				Duration.ofSeconds(3));
	}

	@Test
	void asyncPublishWaitsOnlyWhileTooManyAreUnconfirmed() {
		TaskReceipt first = publishAsync();
		TaskReceipt second = publishAsync();
		assertThat(first.state()).isEqualTo(SendState.PENDING);
		assertThat(first.confirmed()).isNotDone();

		CompletableFuture<TaskReceipt> third = CompletableFuture.supplyAsync(this::publishAsync);
		await().during(Duration.ofMillis(50)).until(() -> this.adapter.unconfirmed.size() == 2);
		Objects.requireNonNull(this.adapter.unconfirmed.peek()).complete(null);

		assertThat(third.join().id()).isNotBlank();
		assertThat(first.state()).isEqualTo(SendState.SENT);
		assertThat(second.state()).isEqualTo(SendState.PENDING);
	}

	@Test
	void taskThatIsNeverConfirmedFails() {
		TaskReceipt receipt = publishAsync();

		await().untilAsserted(() -> assertThat(receipt.state()).isEqualTo(SendState.FAILED));

		assertThat(receipt.failure()).isInstanceOf(TimeoutException.class);
		assertThat(receipt.confirmed()).isCompletedExceptionally();
		Objects.requireNonNull(this.adapter.unconfirmed.peek()).complete(null);
		assertThat(receipt.state()).isEqualTo(SendState.FAILED);
	}

	@Test
	void refusedTaskFailsWithItsCause() {
		TaskReceipt receipt = publishAsync();

		Objects.requireNonNull(this.adapter.unconfirmed.peek()).completeExceptionally(new IOException("full"));

		assertThat(receipt.state()).isEqualTo(SendState.FAILED);
		assertThat(receipt.failure()).hasMessageContaining("full");
		assertThat(receipt.confirmed()).isCompletedExceptionally();
	}

	@Test
	void failureAfterCommitSurfacesInHealthAndIsSentAgain() {
		TaskReceipt receipt = Objects.requireNonNull(new TransactionTemplate(new TestTransactions())
			.execute((status) -> this.node.queue().publish("work", "a")));

		assertThat(receipt.state()).isEqualTo(SendState.PENDING);
		assertThat(this.node.health().up()).isFalse();
		assertThat(this.node.health().details()).containsEntry("waitingToBeSent", 1);
		await().untilAsserted(() -> {
			this.adapter.unconfirmed.forEach((confirmation) -> confirmation.complete(null));
			assertThat(receipt.state()).isEqualTo(SendState.SENT);
		});
		assertThat(this.node.health().up()).isTrue();
	}

	private TaskReceipt publishAsync() {
		return this.node.queue().publishAsync("work", "a", TaskOptions.DEFAULTS);
	}

	private record SilentBroker(SilentAdapter adapter) implements QueueTestBroker {

		@Override
		public void connect(GenericApplicationContext context, Map<String, Object> properties) {
			context.registerBean("silent", QueueAdapter.class, () -> this.adapter);
			properties.put("nocobase.cluster.queue.adapter", "silent");
			properties.put("nocobase.cluster.queue.publish-timeout", "2s");
			properties.put("nocobase.cluster.queue.max-unconfirmed", "2");
		}

		@Override
		public void crash(Instance instance) {
			throw new IllegalStateException("Never dies");
		}

	}

}
