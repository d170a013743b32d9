package com.nocobase.cluster.queue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.core.log.LogMessage;
import org.springframework.util.Assert;

import com.nocobase.cluster.support.ClusterRuntime;

/**
 * One task in this instance's hands, from being taken to being settled.
 * <ol>
 * <li>It is taken, and begun when a worker is free.</li>
 * <li>When its handler returns, the worker settles it.</li>
 * <li>When its time is over, the context is cancelled and the thread interrupted. If the
 * handler is not back after a grace, the task is taken away from it.</li>
 * <li>When the application stops, the same happens in longer steps.</li>
 * </ol>
 */
final class TaskRun implements TaskContext {

	private static final Log logger = LogFactory.getLog(TaskRun.class);

	/** How long a handler that was interrupted has to come back. */
	static final Duration GRACE = Duration.ofSeconds(1);

	private final Delivery delivery;

	private final ClusterRuntime runtime;

	private final RunningTasks tasks;

	/** Guards all fields below. */
	private final ReentrantLock lock = new ReentrantLock();

	private @Nullable TaskPump pump;

	private @Nullable Thread thread;

	private @Nullable List<Runnable> callbacks;

	private TaskPolicy policy = TaskPolicy.DEFAULT;

	private Duration budget = Duration.ZERO;

	private long deadline;

	private boolean over;

	private boolean cancelRequested;

	private boolean timedOut;

	private boolean stopping;

	TaskRun(Delivery delivery, ClusterRuntime runtime, RunningTasks tasks) {
		this.delivery = delivery;
		this.runtime = runtime;
		this.tasks = tasks;
	}

	Delivery delivery() {
		return this.delivery;
	}

	/**
	 * Begins on the calling thread.
	 * @param by who is told if the handler does not come back
	 * @param policy what the publisher wants
	 * @param budget how long the handler may take
	 * @return {@code false} if the task was cancelled before, or the application stops
	 */
	boolean begin(TaskPump by, TaskPolicy policy, Duration budget) {
		boolean begun = locked(() -> {
			if (this.over || this.cancelRequested || this.stopping) {
				return false;
			}
			this.pump = by;
			this.policy = policy;
			this.budget = budget;
			this.deadline = this.runtime.nanoTime() + budget.toNanos();
			this.thread = Thread.currentThread();
			return true;
		});
		if (begun) {
			this.tasks.watch(this.runtime.nanoTime() + budget.toNanos());
		}
		return begun;
	}

	/**
	 * Ends. After that the thread is not interrupted any more.
	 * @return {@code false} if the task was taken away before
	 */
	boolean end() {
		return locked(() -> {
			boolean ended = !this.over;
			this.over = true;
			this.thread = null;
			this.callbacks = null;
			return ended;
		});
	}

	/**
	 * Cancels on request. The thread is not interrupted, because some drivers close their
	 * database then.
	 * @return whether the task was still here
	 */
	boolean cancel() {
		return tell(() -> this.cancelRequested = true);
	}

	/**
	 * Tells the handler that the application stops.
	 */
	void stop() {
		tell(() -> this.stopping = true);
	}

	/**
	 * Interrupts the handler, if it has begun and not ended.
	 */
	void interrupt() {
		locked(() -> {
			if (this.thread != null) {
				this.thread.interrupt();
			}
			return true;
		});
	}

	/**
	 * Takes the task away from a handler that does not come back.
	 */
	void abandon() {
		TaskPump by = this.<@Nullable TaskPump>locked(() -> this.pump);
		if (by != null && end()) {
			by.abandoned(this);
		}
	}

	/**
	 * Returns when to look at the run again.
	 * @return the deadline, or {@code null} if it has none
	 */
	@Nullable Long nextDeadline() {
		return locked(() -> (this.thread != null) ? (Long) this.deadline : null);
	}

	/**
	 * Does what is due: cancels and interrupts at first, takes the task away at last.
	 */
	void overdue() {
		boolean graceIsOver = locked(() -> {
			if (this.thread == null || this.deadline - this.runtime.nanoTime() > 0) {
				return false;
			}
			if (this.timedOut) {
				return true;
			}
			this.timedOut = true;
			this.deadline = this.runtime.nanoTime() + GRACE.toNanos();
			this.thread.interrupt();
			runCallbacks();
			return false;
		});
		if (graceIsOver) {
			abandon();
		}
		else {
			Long next = nextDeadline();
			if (next != null) {
				this.tasks.watch(next);
			}
		}
	}

	/**
	 * Returns what is to be done with the task now that its handler is back, or will not
	 * come back.
	 * @param back whether it is back
	 * @param failure what it threw
	 * @return the outcome
	 */
	TaskOutcome outcome(boolean back, @Nullable Throwable failure) {
		return locked(() -> {
			if (this.cancelRequested) {
				return TaskOutcome.CANCELED;
			}
			if (this.timedOut) {
				return TaskOutcome.failed("Not done within " + this.budget);
			}
			if (!back || this.pump == null || (this.stopping && failure != null)) {
				return TaskOutcome.GIVEN_BACK;
			}
			return (failure != null) ? TaskOutcome.failed(failure) : TaskOutcome.DONE;
		});
	}

	TaskPolicy policy() {
		return locked(() -> this.policy);
	}

	@Override
	public String id() {
		return this.delivery.id();
	}

	@Override
	public int attempt() {
		return this.delivery.failures() + 1;
	}

	@Override
	public boolean cancelled() {
		return locked(this::isCancelled);
	}

	@Override
	public void onCancel(Runnable callback) {
		Assert.notNull(callback, "callback must not be null");
		this.lock.lock();
		try {
			if (!isCancelled()) {
				if (this.callbacks == null) {
					this.callbacks = new ArrayList<>(1);
				}
				this.callbacks.add(callback);
				return;
			}
		}
		finally {
			this.lock.unlock();
		}
		run(callback);
	}

	@Override
	public Instant deadline() {
		long left = locked(() -> this.deadline - this.runtime.nanoTime());
		return this.runtime.clock().instant().plusNanos(left);
	}

	@Override
	public void extend(Duration duration) {
		Limits.positive("duration", duration);
		restart(duration);
	}

	@Override
	public void progress(long done, long total) {
		Assert.isTrue(done >= 0 && done <= total,
				() -> "done must be from 0 to total, but done is %d and total %d".formatted(done, total));
		restart(null);
		this.delivery.progress(done, total);
	}

	private void restart(@Nullable Duration time) {
		Long restarted = locked(() -> {
			if (this.timedOut) {
				return null;
			}
			this.deadline = this.runtime.nanoTime() + ((time != null) ? time : this.budget).toNanos();
			return this.deadline;
		});
		if (restarted != null) {
			this.tasks.watch(restarted);
		}
	}

	private <R extends @Nullable Object> R locked(Supplier<R> body) {
		this.lock.lock();
		try {
			return body.get();
		}
		finally {
			this.lock.unlock();
		}
	}

	private boolean tell(Runnable change) {
		return locked(() -> {
			if (this.over) {
				return false;
			}
			change.run();
			runCallbacks();
			return true;
		});
	}

	private boolean isCancelled() {
		return this.cancelRequested || this.timedOut || this.stopping;
	}

	private void runCallbacks() {
		List<Runnable> told = this.callbacks;
		this.callbacks = null;
		if (told == null) {
			return;
		}
		try {
			this.runtime.executor().execute(() -> told.forEach(this::run));
		}
		catch (RejectedExecutionException | OutOfMemoryError ex) {
			logger.error(
					LogMessage.format("No thread for the onCancel callbacks of task %s; they are not called", id()),
					ex);
		}
	}

	private void run(Runnable callback) {
		try {
			callback.run();
		}
		catch (Throwable ex) {
			logger.error(LogMessage.format("An onCancel callback of task %s failed", id()), ex);
		}
	}

}
