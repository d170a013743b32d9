package com.nocobase.cluster.sample.task;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.springframework.stereotype.Component;

import com.nocobase.cluster.ClusterApp;
import com.nocobase.cluster.queue.TaskContext;

/**
 * Runs a task. The queue delivers at least once and the row decides:
 * <ol>
 * <li>A task that is over is not begun.</li>
 * <li>A run that is told to stop gives its task back; that uses up no retry. One that
 * fails, or takes so long that it is interrupted, leaves it for the next attempt, or as
 * failed after the last one.</li>
 * <li>A run whose row was cancelled, or taken over, leaves it as it is.</li>
 * </ol>
 */
@Component
class TaskWorker {

	/** What a step may take beyond its time, before the queue calls it too long. */
	private static final Duration MARGIN = Duration.ofSeconds(30);

	/** How long a run that lost its row waits to hear why. */
	private static final Duration GRACE = Duration.ofSeconds(5);

	private final ClusterApp app;

	private final Tasks tasks;

	TaskWorker(ClusterApp app, Tasks tasks) {
		this.app = app;
		this.tasks = tasks;
	}

	void run(TaskContext context) throws Exception {
		Optional<TaskRun> run = this.tasks.start(context.id(), this.app.instanceId());
		if (run.isPresent()) {
			run(run.get(), context);
		}
	}

	private void run(TaskRun run, TaskContext context) throws Exception {
		CountDownLatch told = new CountDownLatch(1);
		context.onCancel(told::countDown);
		try {
			if (!steps(run, context, told) || !this.tasks.finish(run)) {
				// Whoever cancelled it asks next who runs it, and is to be answered.
				told.await(GRACE.toMillis(), TimeUnit.MILLISECONDS);
			}
		}
		catch (CancellationException ex) {
			stopped(run, TaskStatus.PENDING, ex);
		}
		catch (Exception ex) {
			boolean last = context.attempt() > run.maxRetries();
			stopped(run, last ? TaskStatus.FAILED : TaskStatus.PENDING, ex);
		}
	}

	private void stopped(TaskRun run, TaskStatus status, Exception cause) throws Exception {
		if (this.tasks.stop(run, status)) {
			throw cause;
		}
	}

	private boolean steps(TaskRun run, TaskContext context, CountDownLatch told) throws InterruptedException {
		if (context.attempt() <= run.failures()) {
			throw new IllegalStateException(
					"Attempt %d of task %s fails as asked".formatted(context.attempt(), run.id()));
		}
		for (int done = 1; done <= run.total(); done++) {
			context.extend(run.step().plus(MARGIN));
			if (told.await(run.stepMillis(), TimeUnit.MILLISECONDS)) {
				throw new CancellationException("Task %s was told to stop".formatted(run.id()));
			}
			if (!this.tasks.progress(run, done)) {
				return false;
			}
			context.progress(done, run.total());
		}
		return true;
	}

}
