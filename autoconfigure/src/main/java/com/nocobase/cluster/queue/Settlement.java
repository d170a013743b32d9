package com.nocobase.cluster.queue;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.core.log.LogMessage;

import com.nocobase.cluster.support.Signals;

/**
 * Tells the broker what became of the tasks of one channel.
 */
final class Settlement {

	private static final Log logger = LogFactory.getLog(Settlement.class);

	private final String channel;

	private final Signals signals;

	Settlement(String channel, Signals signals) {
		this.channel = channel;
		this.signals = signals;
	}

	void settle(TaskRun run, TaskOutcome outcome) {
		Delivery task = run.delivery();
		switch (outcome.kind()) {
			case DONE -> tell(task, "done", task::complete);
			case CANCELED -> tell(task, "canceled", task::cancel);
			case GIVEN_BACK -> giveBack(task, Duration.ZERO);
			case FAILED -> failed(task, run.policy(), outcome);
		}
	}

	void giveBack(Delivery task, Duration delay) {
		if (tell(task, "given back", () -> task.giveBack(delay))) {
			count("returned");
		}
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
		if (tell(task, "to be retried", () -> task.retry(pause, outcome.error()))) {
			count("retried");
			logger.warn(LogMessage.format("Attempt %d of task %s of '%s' failed, the next one follows in %s: %s",
					attempts, task.id(), this.channel, pause, outcome.error()), outcome.failure());
		}
	}

	private void dead(Delivery task, int attempts, String error, @Nullable Throwable failure) {
		if (tell(task, "dead", () -> task.deadLetter(attempts, error))) {
			count("dead");
			logger.error(LogMessage.format("Task %s of '%s' is a dead letter after %d attempts: %s", task.id(),
					this.channel, attempts, error), failure);
		}
	}

	private boolean tell(Delivery task, String what, BooleanSupplier call) {
		try {
			if (call.getAsBoolean()) {
				return true;
			}
			count("rejected");
			logger.warn(LogMessage.format("Task %s of '%s' is %s, but it is not ours any more; that does not count",
					task.id(), this.channel, what));
		}
		catch (RuntimeException ex) {
			count("unsettled");
			logger.warn(
					LogMessage.format("Task %s of '%s' is %s, but the broker could not be told; it will be done again",
							task.id(), this.channel, what),
					ex);
		}
		return false;
	}

}
