package com.nocobase.cluster.queue;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

import com.nocobase.cluster.support.Alarm;
import com.nocobase.cluster.support.ClusterRuntime;

/**
 * All tasks that this instance has in its hands, with one timer for all their deadlines.
 * Safe from any thread.
 */
final class RunningTasks {

	private final ClusterRuntime runtime;

	private final Set<TaskRun> runs = ConcurrentHashMap.newKeySet();

	private final AtomicInteger abandoned = new AtomicInteger();

	private final Alarm alarm;

	/** Guards nothing but the waiting for an empty set. */
	private final ReentrantLock lock = new ReentrantLock();

	private final Condition empty = this.lock.newCondition();

	private volatile boolean awaited;

	RunningTasks(ClusterRuntime runtime) {
		this.runtime = runtime;
		this.alarm = new Alarm(runtime, this::ring);
	}

	void add(TaskRun run) {
		this.runs.add(run);
	}

	void remove(TaskRun run) {
		this.runs.remove(run);
		if (this.awaited && this.runs.isEmpty()) {
			this.lock.lock();
			try {
				this.empty.signalAll();
			}
			finally {
				this.lock.unlock();
			}
		}
	}

	/**
	 * Counts a handler that did not come back when its time was over, or one that did
	 * come back after that.
	 * @param change one more, or one less
	 */
	void abandoned(int change) {
		this.abandoned.addAndGet(change);
	}

	int abandoned() {
		return this.abandoned.get();
	}

	int size() {
		return this.runs.size();
	}

	void watch(long deadline) {
		this.alarm.by(deadline);
	}

	boolean cancel(String id) {
		boolean found = false;
		for (TaskRun run : this.runs) {
			found |= run.id().equals(id) && run.cancel();
		}
		return found;
	}

	void forEach(Consumer<TaskRun> action) {
		this.runs.forEach(action);
	}

	/**
	 * Waits until nothing runs.
	 * @param limit how long to wait
	 * @return whether nothing runs
	 */
	boolean awaitNone(Duration limit) {
		this.awaited = true;
		this.lock.lock();
		try {
			long nanos = limit.toNanos();
			while (!this.runs.isEmpty() && nanos > 0) {
				nanos = this.empty.awaitNanos(nanos);
			}
			return this.runs.isEmpty();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return this.runs.isEmpty();
		}
		finally {
			this.awaited = false;
			this.lock.unlock();
		}
	}

	private void ring() {
		long now = this.runtime.nanoTime();
		for (TaskRun run : this.runs) {
			Long deadline = run.nextDeadline();
			if (deadline != null && deadline - now > 0) {
				this.alarm.by(deadline);
			}
			else if (deadline != null) {
				this.runtime.executor().execute(run::overdue);
			}
		}
	}

}
