package com.nocobase.cluster.support;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Steps of the order of life.
 */
class LifecycleStepTests {

	private final List<String> calls = new CopyOnWriteArrayList<>();

	@Test
	void goesUpAndDownOnceAndAgain() {
		LifecycleStep step = new LifecycleStep("step", 7, Runnable::run, () -> this.calls.add("up"),
				() -> this.calls.add("down"));
		step.stop();
		step.start();
		step.start();
		assertThat(step.isRunning()).isTrue();
		step.stop(() -> this.calls.add("called back"));
		step.stop(() -> this.calls.add("called back"));
		step.start();
		assertThat(this.calls).containsExactly("up", "down", "called back", "called back", "up");
		assertThat(step.getPhase()).isEqualTo(7);
	}

	@Test
	void wayDownThatThrowsStillCallsBack() {
		LifecycleStep step = new LifecycleStep("step", 7, Runnable::run, () -> {
		}, () -> {
			throw new IllegalStateException("no");
		});
		step.start();
		step.stop(() -> this.calls.add("called back"));
		assertThat(this.calls).containsExactly("called back");
		assertThat(step.isRunning()).isFalse();
	}

	@Test
	void wayUpThatThrowsStopsTheStart() {
		LifecycleStep step = new LifecycleStep("step", 7, Runnable::run, () -> {
			throw new IllegalStateException("no server");
		}, () -> this.calls.add("down"));
		assertThatIllegalStateException().isThrownBy(step::start).withMessage("no server");
		step.stop();
		assertThat(this.calls).isEmpty();
	}

	@Test
	void executorThatRefusesDoesNotKeepTheStopWaiting() {
		LifecycleStep step = new LifecycleStep("step", 7, (task) -> {
			throw new RejectedExecutionException("shut down");
		}, () -> {
		}, () -> this.calls.add("down"));
		step.start();
		step.stop(() -> this.calls.add("called back"));
		assertThat(this.calls).containsExactly("down", "called back");
	}

}
