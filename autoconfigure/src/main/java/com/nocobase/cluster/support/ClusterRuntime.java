package com.nocobase.cluster.support;

import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;

import org.springframework.core.task.AsyncTaskExecutor;
import org.springframework.scheduling.TaskScheduler;

/**
 * Threads and clocks of one application context. Callbacks of the application run on the
 * executor, never on the scheduler, so that one that hangs stops no timer.
 *
 * @param executor runs handlers, listeners and hooks; unbounded, as each caller bounds
 * what it hands over
 * @param scheduler fires timers; only for work that never blocks
 * @param clock wall clock, for what is shown or stored
 * @param ticker monotonic nanoseconds, for every wait and every lease
 */
public record ClusterRuntime(AsyncTaskExecutor executor, TaskScheduler scheduler, Clock clock, LongSupplier ticker) {

	/**
	 * Returns the monotonic time, comparable by subtraction only.
	 * @return nanoseconds
	 */
	public long nanoTime() {
		return this.ticker.getAsLong();
	}

	/**
	 * Runs a callback of the application on the executor and waits for it, but no longer
	 * than asked. A callback that takes longer is interrupted and left behind.
	 * @param <T> the type of the result
	 * @param body what to run
	 * @param limit how long to wait
	 * @return the result of the callback
	 * @throws TimeoutException if the limit has passed
	 * @throws Exception what the callback threw; a timeout or an interrupt of its own as
	 * the cause of an {@link ExecutionException}
	 */
	public <T> T callWithin(Callable<T> body, Duration limit) throws Exception {
		long nanos = Nanos.of(limit);
		Future<T> future = this.executor.submit(body);
		try {
			return future.get(nanos, TimeUnit.NANOSECONDS);
		}
		catch (ExecutionException ex) {
			if (ex.getCause() instanceof Exception cause && !(cause instanceof TimeoutException)
					&& !(cause instanceof InterruptedException)) {
				throw cause;
			}
			throw ex;
		}
		catch (TimeoutException | InterruptedException ex) {
			future.cancel(true);
			throw ex;
		}
	}

}
