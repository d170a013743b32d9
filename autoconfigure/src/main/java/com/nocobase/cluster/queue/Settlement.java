package com.nocobase.cluster.queue;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.core.log.LogMessage;

import com.nocobase.cluster.support.Nanos;
import com.nocobase.cluster.support.Signals;
import com.nocobase.cluster.support.Uninterrupted;

/**
 * Tells the broker what became of the tasks of one channel.
 */
final class Settlement {

	private static final Log logger = LogFactory.getLog(Settlement.class);

	private final String channel;

	private final Signals signals;

	private final long patience;

	Settlement(String channel, Signals signals, Duration patience) {
		this.channel = channel;
		this.signals = signals;
		this.patience = Nanos.of(patience);
	}

	void settle(TaskRun run, TaskOutcome outcome) {
		Delivery task = run.delivery();
		switch (outcome.kind()) {
			case DONE -> tell(task, "done", task::complete, () -> {
			});
			case CANCELED -> await(tell(task, "canceled", task::cancel, () -> {
			}));
			case GIVEN_BACK -> giveBack(task, Duration.ZERO);
			case FAILED -> failed(task, run.policy(), outcome);
		}
	}

	/**
	 * Gives a task back. Does not wait for the broker, as the adapter's own thread may
	 * come by.
	 * @param task the task
	 * @param delay how long it is kept from everybody
	 */
	void giveBack(Delivery task, Duration delay) {
		tell(task, "given back", () -> task.giveBack(delay), () -> count("returned"));
	}

	/**
	 * Gives a task up that was not begun.
	 * @param task the task
	 * @param error why
	 */
	void refuse(Delivery task, String error) {
		dead(task, task.failures(), error, null);
	}

	void lateResult(Delivery task) {
		count("rejected");
		logger.warn(LogMessage.format(
				"The handler of task %s of '%s' came back after the task was taken away; its result does not count",
				task.id(), this.channel));
	}

	void count(String event) {
		this.signals.count("queue." + event, this.channel);
	}

	private void failed(Delivery task, TaskPolicy policy, TaskOutcome outcome) {
		count("failed");
		int attempts = task.failures() + 1;
		if (attempts > policy.maxRetries()) {
			dead(task, attempts, outcome.error(), outcome.failure());
			return;
		}
		Duration pause = policy.backoff().after(attempts, ThreadLocalRandom.current().nextDouble());
		await(tell(task, "to be retried", () -> task.retry(pause, outcome.error()), () -> {
			count("retried");
			logger.warn(LogMessage.format("Attempt %d of task %s of '%s' failed, the next one follows in %s: %s",
					attempts, task.id(), this.channel, pause, outcome.error()), outcome.failure());
		}));
	}

	private void dead(Delivery task, int attempts, String error, @Nullable Throwable failure) {
		await(tell(task, "dead", () -> task.deadLetter(attempts, error), () -> {
			count("dead");
			logger.error(LogMessage.format("Task %s of '%s' is a dead letter after %d attempts: %s", task.id(),
					this.channel, attempts, error), failure);
		}));
	}

	private CompletionStage<Boolean> tell(Delivery task, String what, Supplier<CompletionStage<Boolean>> call,
			Runnable told) {
		CompletionStage<Boolean> result;
		try {
			result = call.get();
		}
		catch (RuntimeException ex) {
			result = CompletableFuture.failedStage(ex);
		}
		return result.whenComplete((owned, ex) -> {
			if (ex != null) {
				count("unsettled");
				logger.warn(LogMessage.format(
						"Task %s of '%s' is %s, but the broker could not be told; it will be done again", task.id(),
						this.channel, what), ex);
			}
			else if (owned) {
				told.run();
			}
			else {
				count("rejected");
				logger.warn(LogMessage.format("Task %s of '%s' is %s, but it is not ours any more; that does not count",
						task.id(), this.channel, what));
			}
		});
	}

	/**
	 * Waits for the broker, so that a worker whose tasks fail goes no faster than it.
	 * @param told what it was told
	 */
	private void await(CompletionStage<Boolean> told) {
		try {
			Uninterrupted.get(told.toCompletableFuture(), this.patience);
		}
		catch (ExecutionException | TimeoutException ex) {
			logger.debug(LogMessage.format("A task of '%s' was not settled in time", this.channel), ex);
		}
	}

}
