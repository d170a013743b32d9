package com.nocobase.cluster.support;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class LifecycleStepTests {

	private final List<String> events = new ArrayList<>();

	private final AtomicInteger callbacks = new AtomicInteger();

	@Test
	void goesUpAndDownAsOftenAsAsked() {
		LifecycleStep step = step(() -> this.events.add("down"));

		for (int i = 0; i < 2; i++) {
			step.start();
			step.start();
			assertThat(step.isRunning()).isTrue();
			step.stop(this.callbacks::incrementAndGet);
			step.stop(this.callbacks::incrementAndGet);
			assertThat(step.isRunning()).isFalse();
		}

		assertThat(this.events).containsExactly("up", "down", "up", "down");
		assertThat(this.callbacks).hasValue(4);
		assertThat(step.getPhase()).isEqualTo(ClusterPhases.DELIVERY);
	}

	@Test
	void wayDownThatThrowsStillCallsBack() {
		LifecycleStep step = step(() -> {
			throw new IllegalStateException("expected by the test");
		});
		step.start();

		step.stop(this.callbacks::incrementAndGet);

		assertThat(this.callbacks).hasValue(1);
		assertThat(step.isRunning()).isFalse();
	}

	@Test
	void executorThatIsGoneStillCallsBack() {
		LifecycleStep step = new LifecycleStep("test", ClusterPhases.DELIVERY, (task) -> {
			throw new RejectedExecutionException("expected by the test");
		}, () -> {
		}, () -> this.events.add("down"));
		step.start();

		step.stop(this.callbacks::incrementAndGet);

		assertThat(this.events).containsExactly("down");
		assertThat(this.callbacks).hasValue(1);
	}

	@Test
	void wayUpThatThrowsStopsTheStart() {
		LifecycleStep step = new LifecycleStep("test", ClusterPhases.DELIVERY, Runnable::run, () -> {
			throw new IllegalStateException("expected by the test");
		}, () -> this.events.add("down"));

		assertThatIllegalStateException().isThrownBy(step::start);

		assertThat(step.isRunning()).isFalse();
	}

	private LifecycleStep step(Runnable down) {
		return new LifecycleStep("test", ClusterPhases.DELIVERY, Runnable::run, () -> this.events.add("up"), down);
	}

}
