package com.nocobase.cluster.queue;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import com.nocobase.cluster.message.Envelope;
import com.nocobase.cluster.message.MalformedMessageException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Rules of the event queue that need no instance: {@link Backoff}, {@link TaskPolicy},
 * {@link NewerTasks}, {@link Drain}.
 */
class QueuePolicyTests {

	@Test
	void backoffGrowsUpToItsLongestPauseAndVaries() {
		Backoff backoff = new Backoff(Duration.ofMillis(100), 2, Duration.ofSeconds(1), 0.5);

		assertThat(backoff.after(1, 0.5)).isEqualTo(Duration.ofMillis(100));
		assertThat(backoff.after(3, 0.5)).isEqualTo(Duration.ofMillis(400));
		assertThat(backoff.after(2_000_000, 0.5)).isEqualTo(Duration.ofSeconds(1));
		assertThat(backoff.after(1, 0)).isEqualTo(Duration.ofMillis(50));
		assertThat(backoff.after(1, 0.999)).isBetween(Duration.ofMillis(149), Duration.ofMillis(150));
		assertThat(Backoff.fixed(Duration.ZERO).after(2_000_000, 0)).isZero();
	}

	@Test
	void badBackoffIsRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> Backoff.fixed(Duration.ofSeconds(-1)))
			.withMessageContaining("initial");
		assertThatIllegalArgumentException().isThrownBy(() -> Backoff.fixed(Duration.ofSeconds(Long.MAX_VALUE)))
			.withMessageContaining("initial");
		assertThatIllegalArgumentException().isThrownBy(() -> new Backoff(Duration.ZERO, Double.NaN, Duration.ZERO, 0))
			.withMessageContaining("multiplier");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new Backoff(Duration.ofSeconds(2), 1, Duration.ofSeconds(1), 0))
			.withMessageContaining("max");
		assertThatIllegalArgumentException().isThrownBy(() -> new Backoff(Duration.ZERO, 1, Duration.ZERO, 2))
			.withMessageContaining("jitter");
	}

	@Test
	void optionsTravelInTheEnvelope() {
		Backoff backoff = new Backoff(Duration.ofMillis(1), 1.5, Duration.ofHours(1), 0.1);
		TaskOptions options = TaskOptions.DEFAULTS.withTimeout(Duration.ofMillis(1234))
			.withMaxRetries(7)
			.withBackoff(backoff);

		TaskPolicy policy = TaskPolicy.of(envelope(TaskPolicy.headers(options)));

		assertThat(policy).isEqualTo(new TaskPolicy(Duration.ofMillis(1234), 7, backoff));
		assertThat(TaskPolicy.headers(TaskOptions.DEFAULTS)).isEmpty();
		assertThat(TaskPolicy.of(envelope(Map.of()))).isEqualTo(new TaskPolicy(null, 0, Backoff.DEFAULT));
	}

	@Test
	void optionsThatCannotBeReadAreMalformed() {
		for (Map<String, String> headers : List.of(Map.of("timeout", "soon"), Map.of("timeout", "PT-1S"),
				Map.of("retries", "x"), Map.of("backoff", "PT1S"))) {
			assertThatExceptionOfType(MalformedMessageException.class)
				.isThrownBy(() -> TaskPolicy.of(envelope(headers)));
		}
	}

	@Test
	void newerTaskIsGivenBackWithGrowingPausesAndThenGivenUp() {
		NewerTasks tasks = new NewerTasks();

		for (int seconds : new int[] { 1, 2, 4, 8, 16 }) {
			assertThat(tasks.pause("a")).contains(Duration.ofSeconds(seconds));
		}
		assertThat(tasks.pause("b")).contains(Duration.ofSeconds(1));
		assertThat(tasks.pause("a")).isEmpty();
	}

	@Test
	void drainFitsIntoThePhase() {
		assertThat(Drain.within(Duration.ofSeconds(20), Duration.ofSeconds(30)))
			.isEqualTo(new Drain(Duration.ofSeconds(20), Duration.ofSeconds(1)));
		assertThat(Drain.within(Duration.ofSeconds(20), Duration.ofSeconds(6)))
			.isEqualTo(new Drain(Duration.ofSeconds(4), Duration.ofMillis(500)));
	}

	@Test
	void errorTextIsCut() {
		String text = TaskOutcome.text(new IllegalStateException("x".repeat(10_000), new Error("y")));

		assertThat(text).startsWith("java.lang.IllegalStateException: xxx").hasSize(2_001);
		assertThat(TaskOutcome.text(new IllegalStateException("x", new Error("y"))))
			.isEqualTo("java.lang.IllegalStateException: x; caused by java.lang.Error: y");
	}

	private static Envelope envelope(Map<String, String> headers) {
		return new Envelope(1, "id", "type", "sender", Instant.EPOCH, headers, new byte[0]);
	}

}
