package com.nocobase.cluster.lock.registry;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * A thread that holds locks for others. It does one thing after the other, and never
 * waits for a lock. When it ends it unlocks what it still holds.
 */
final class Lane implements Runnable {

	private static final Log logger = LogFactory.getLog(Lane.class);

	private static final Duration LOOK_AGAIN = Duration.ofMinutes(1);

	private final BlockingQueue<FutureTask<?>> tasks = new LinkedBlockingQueue<>();

	/** Only the lane's own thread comes here. */
	private final Set<LaneHold> held = new HashSet<>();

	private volatile boolean busy;

	private volatile boolean closed;

	@Override
	public void run() {
		try {
			while (!this.closed) {
				FutureTask<?> task = this.tasks.poll(LOOK_AGAIN.toMillis(), TimeUnit.MILLISECONDS);
				if (task != null) {
					this.busy = true;
					task.run();
					this.busy = false;
				}
			}
		}
		catch (InterruptedException ex) {
			logger.debug("There are no threads any more", ex);
		}
		finally {
			this.closed = true;
			Set.copyOf(this.held).forEach(LaneHold::unlockQuietly);
			cancelAll();
		}
	}

	/**
	 * Hands over something to do. It is cancelled if the lane has ended.
	 * @param <T> the type of the result
	 * @param task what to do
	 * @return its result
	 */
	<T extends @Nullable Object> FutureTask<T> submit(Callable<T> task) {
		FutureTask<T> future = new FutureTask<>(task);
		this.tasks.add(future);
		if (this.closed) {
			cancelAll();
		}
		return future;
	}

	private void cancelAll() {
		FutureTask<?> task = this.tasks.poll();
		while (task != null) {
			task.cancel(false);
			task = this.tasks.poll();
		}
	}

	boolean isIdle() {
		return !this.busy && this.tasks.isEmpty();
	}

	void holds(LaneHold hold) {
		this.held.add(hold);
	}

	/**
	 * Forgets a hold.
	 * @param hold the hold
	 * @return whether it was held
	 */
	boolean forget(LaneHold hold) {
		return this.held.remove(hold);
	}

	boolean isHeld(LaneHold hold) {
		return this.held.contains(hold);
	}

	/** Ends the lane once it has done what it has been handed. */
	void close() {
		submit(() -> this.closed = true);
	}

}
