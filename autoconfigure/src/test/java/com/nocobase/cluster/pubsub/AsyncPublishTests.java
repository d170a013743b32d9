package com.nocobase.cluster.pubsub;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeoutException;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;

import com.nocobase.cluster.message.SendReceipt;
import com.nocobase.cluster.message.SendState;
import com.nocobase.cluster.message.Subscription;
import com.nocobase.cluster.support.TestCluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * The manager on a broker that confirms when the test says so.
 */
class AsyncPublishTests {

	private final TestCluster cluster = TestCluster.inMemory("nocobase.cluster.pubsub.adapter=slow",
			"nocobase.cluster.pubsub.max-unconfirmed=2", "nocobase.cluster.pubsub.publish-timeout=1s");

	private final Queue<CompletableFuture<Long>> unconfirmed = new ConcurrentLinkedQueue<>();

	private final ConfigurableApplicationContext context = this.cluster
		.start((bean) -> bean.registerBean("slow", PubSubAdapter.class, () -> (inbox) -> new SlowConnection()));

	private final PubSubManager manager = this.context.getBean(PubSubManager.class);

	@AfterEach
	void closeCluster() {
		this.cluster.close();
	}

	@Test
	void receiptIsSettledByTheBroker() {
		SendReceipt receipt = this.manager.publishAsync("news", "one");
		assertThat(receipt.state()).isEqualTo(SendState.PENDING);
		assertThat(receipt.await(Duration.ofMillis(10))).isEqualTo(SendState.PENDING);
		CompletableFuture<SendState> outcome = receipt.outcome().toCompletableFuture();

		confirm();

		assertThat(receipt.state()).isEqualTo(SendState.SENT);
		assertThat(outcome).isCompletedWithValue(SendState.SENT);
	}

	@Test
	void nobodyElseCanSettleAReceipt() {
		SendReceipt receipt = this.manager.publishAsync("news", "one");

		receipt.outcome().toCompletableFuture().complete(SendState.FAILED);

		assertThat(receipt.state()).isEqualTo(SendState.PENDING);
	}

	@Test
	void callerWaitsWhileTooManyAreUnderWay() {
		this.manager.publishAsync("news", "one");
		this.manager.publishAsync("other", "two");

		CompletableFuture<SendReceipt> third = CompletableFuture
			.supplyAsync(() -> this.manager.publishAsync("news", "three"));
		await().during(Duration.ofMillis(100)).until(() -> this.unconfirmed.size() == 2 && !third.isDone());
		confirm();

		assertThat(third).succeedsWithin(Duration.ofSeconds(10));
	}

	@Test
	void interruptEndsTheWaitForAPlace() {
		this.manager.publishAsync("news", "one");
		this.manager.publishAsync("news", "two");

		Thread.currentThread().interrupt();

		assertThatExceptionOfType(PubSubException.class).isThrownBy(() -> this.manager.publishAsync("news", "three"))
			.withMessageContaining("'news'");
		assertThat(Thread.interrupted()).isTrue();
		assertThat(this.unconfirmed).hasSize(2);
	}

	@Test
	void messageThatIsNotConfirmedFailsAndIsGivenUp() {
		SendReceipt receipt = this.manager.publishAsync("news", "one");
		CompletableFuture<Long> sent = this.unconfirmed.remove();

		assertThat(receipt.await(Duration.ofSeconds(20))).isEqualTo(SendState.FAILED);
		assertThat(receipt.failure()).isInstanceOf(TimeoutException.class);
		TestCluster.eventually(() -> assertThat(sent).isCancelled());
	}

	@Test
	void messageThatIsRefusedFails() {
		SendReceipt receipt = this.manager.publishAsync("news", "one");

		this.unconfirmed.remove().completeExceptionally(new IllegalStateException("refused"));

		assertThat(receipt.state()).isEqualTo(SendState.FAILED);
		assertThat(receipt.failure()).hasMessageContaining("refused");
	}

	@Test
	void synchronousPublishWaitsAndGivesUp() {
		assertThatExceptionOfType(PubSubException.class).isThrownBy(() -> this.manager.publish("news", "one"))
			.withMessageContaining("'news'")
			.withMessageContaining("PT1S");
		assertThat(this.unconfirmed.remove()).isCancelled();
	}

	@Test
	void stopWaitsForTheBrokerAndFailsTheRest() {
		SendReceipt receipt = this.manager.publishAsync("news", "one");

		this.context.stop();

		assertThat(receipt.state()).isEqualTo(SendState.FAILED);
		assertThat(receipt.failure()).isNotNull();
	}

	private void confirm() {
		this.unconfirmed.remove().complete(1L);
	}

	private final class SlowConnection implements PubSubConnection {

		@Override
		public Subscription subscribe(String channel) {
			return () -> {
			};
		}

		@Override
		public void publish(String channel, byte[] message) {
			throw new IllegalStateException("not called");
		}

		@Override
		public CompletionStage<?> publishAsync(String channel, byte[] message) {
			CompletableFuture<Long> confirmation = new CompletableFuture<>();
			AsyncPublishTests.this.unconfirmed.add(confirmation);
			return confirmation;
		}

		@Override
		public void close() {
		}

	}

}
