package com.nocobase.cluster.queue;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;

/**
 * The slots of one subscription: each is free, asked for at the broker, filled with a
 * task that waits for a worker, or busy. Beside them, how many workers look for work. One
 * short lock guards it all; nothing is called under it. Safe from any thread.
 */
final class TaskSlots {

	private static final Duration LINGER = Duration.ofSeconds(10);

	private final int mostRequested;

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition arrived = this.lock.newCondition();

	private final Deque<TaskRun> ready = new ArrayDeque<>();

	private int limit;

	private int requested;

	private int busy;

	private int looking;

	private boolean lingering;

	private boolean closed;

	private boolean starved;

	/**
	 * Creates free slots.
	 * @param limit how many there are
	 * @param mostRequested how many tasks may be asked for at once
	 */
	TaskSlots(int limit, int mostRequested) {
		this.limit = limit;
		this.mostRequested = mostRequested;
	}

	/**
	 * Fills a slot that was asked for.
	 * @param run the task
	 * @param wanted whether it is still wanted
	 * @return what to do now
	 */
	Filled fill(TaskRun run, boolean wanted) {
		this.lock.lock();
		try {
			this.requested--;
			boolean expected = !this.starved || this.ready.size() < this.looking;
			if (this.closed || !wanted || !expected) {
				return Filled.REFUSED;
			}
			this.ready.addLast(run);
			this.arrived.signal();
			return startsWorker() ? Filled.START_WORKER : Filled.WORKER_COMES;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Ends the search of a worker. The last one that finds nothing stays for a while, so
	 * that the next task need not wake up a thread of the executor.
	 * @return what it has found
	 */
	Found find() {
		this.lock.lock();
		try {
			if (!this.lingering) {
				linger();
			}
			this.looking--;
			TaskRun run = this.ready.pollFirst();
			this.busy += (run != null) ? 1 : 0;
			return new Found(run, startsWorker());
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Frees slots, and asks for tasks for free ones.
	 * @param freed how many were busy and are free now
	 * @param lookers how many workers look for work from now on
	 * @param wanted whether tasks are wanted at all
	 * @return how many tasks to request
	 */
	int request(int freed, int lookers, boolean wanted) {
		this.lock.lock();
		try {
			this.busy -= freed;
			this.looking += lookers;
			if (this.closed || !wanted) {
				return 0;
			}
			int workers = this.limit - this.busy;
			if (this.starved) {
				workers = Math.min(workers, this.looking);
			}
			int free = workers - this.ready.size() - this.requested;
			int more = Math.max(0, Math.min(free, this.mostRequested - this.requested));
			this.requested += more;
			return more;
		}
		finally {
			this.lock.unlock();
		}
	}

	boolean isAnyFree() {
		this.lock.lock();
		try {
			return this.busy + this.ready.size() + this.requested < this.limit;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Changes how many slots there are.
	 * @param newLimit the number
	 * @return how many tasks are in them or asked for beyond that
	 */
	int limit(int newLimit) {
		this.lock.lock();
		try {
			this.limit = newLimit;
			return this.busy + this.ready.size() + this.requested - newLimit;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Takes back requests that the broker has withdrawn, and tasks that wait for a worker
	 * and are not wanted any more.
	 * @param withdrawn how many requests
	 * @param all whether no task is wanted, or as many as there are slots
	 * @return the tasks
	 */
	List<TaskRun> withdraw(int withdrawn, boolean all) {
		this.lock.lock();
		try {
			this.requested -= withdrawn;
			int kept = all ? 0 : Math.max(0, this.limit - this.busy);
			List<TaskRun> unwanted = new ArrayList<>();
			while (this.ready.size() > kept) {
				unwanted.add(this.ready.removeLast());
			}
			return unwanted;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Notes that there is no thread for a worker. Until {@link #fed()} none is started,
	 * and tasks are asked for and kept only for those workers that there are.
	 */
	void starved() {
		this.lock.lock();
		try {
			this.starved = true;
			this.looking--;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Notes that the calling thread is that worker, and looks for work.
	 */
	void fed() {
		this.lock.lock();
		try {
			this.starved = false;
			this.looking++;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Refuses tasks from now on.
	 * @return those that waited for a worker
	 */
	List<TaskRun> close() {
		this.lock.lock();
		try {
			this.closed = true;
			this.arrived.signal();
		}
		finally {
			this.lock.unlock();
		}
		return withdraw(0, true);
	}

	private void linger() {
		this.lingering = true;
		try {
			long nanos = LINGER.toNanos();
			while (this.ready.isEmpty() && !this.closed && nanos > 0) {
				nanos = this.arrived.awaitNanos(nanos);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		finally {
			this.lingering = false;
		}
	}

	private boolean startsWorker() {
		// One at a time: it starts the next one if there is more to do.
		boolean needed = !this.ready.isEmpty() && this.looking == 0 && !this.starved;
		this.looking += needed ? 1 : 0;
		return needed;
	}

	/**
	 * What to do with a task that has come.
	 */
	enum Filled {

		/** Give it back. */
		REFUSED,

		/** Start a worker, which counts as looking already. */
		START_WORKER,

		/** Nothing; a worker will find it. */
		WORKER_COMES

	}

	/**
	 * What a worker has found.
	 *
	 * @param run a task, or {@code null} if there is none
	 * @param startWorker whether to start another worker, which counts as looking already
	 */
	record Found(@Nullable TaskRun run, boolean startWorker) {

	}

}
