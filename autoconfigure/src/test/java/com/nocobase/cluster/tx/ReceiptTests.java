package com.nocobase.cluster.tx;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import com.nocobase.cluster.message.SendState;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class ReceiptTests {

	private final Receipt receipt = new Receipt();

	@Test
	void firstOutcomeCounts() {
		assertThat(this.receipt.state()).isEqualTo(SendState.PENDING);
		assertThat(this.receipt.failure()).isNull();
		IllegalStateException failure = new IllegalStateException("away");

		this.receipt.settle(SendState.FAILED, failure);
		this.receipt.settle(SendState.SENT, null);

		assertThat(this.receipt.state()).isEqualTo(SendState.FAILED);
		assertThat(this.receipt.failure()).isSameAs(failure);
	}

	@Test
	void waitingEndsWithTheTime() {
		assertThat(this.receipt.await(Duration.ofMillis(1))).isEqualTo(SendState.PENDING);
		assertThat(this.receipt.await(Duration.ZERO)).isEqualTo(SendState.PENDING);
	}

	@Test
	void interruptedWaitKeepsTheFlag() {
		Thread.currentThread().interrupt();

		assertThat(this.receipt.await(Duration.ofSeconds(10))).isEqualTo(SendState.PENDING);

		assertThat(Thread.interrupted()).isTrue();
	}

	@Test
	void negativeTimeIsRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.receipt.await(Duration.ofMillis(-1)))
			.withMessageContaining("PT-0.001S");
	}

}
