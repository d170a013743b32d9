package com.nocobase.cluster.queue;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.core.task.TaskRejectedException;

/**
 * Brings the tasks of one channel to the workers of one subscription, from a start to a
 * stop.
 * <ol>
 * <li>As many tasks are requested from the adapter as there are free slots; with a gate
 * only one at a time, and the gate is asked before.</li>
 * <li>A task that comes starts a worker on the executor, unless one is just looking for
 * work; when it has found a task and there are more, it starts the next one.</li>
 * <li>A worker that has done a task requests the next one and takes it itself; when there
 * is none it ends. So nothing is handed over under load, and nothing polls.</li>
 * <li>A worker whose handler does not come back loses its slot to a new one.</li>
 * </ol>
 */
final class TaskPump {

	private static final Log logger = LogFactory.getLog(TaskPump.class);

	private final QueueResources resources;

	private final RunningTasks running;

	private final TaskRunner<?> runner;

	private final Settlement settlement;

	private final QueueConsumer consumer;

	private final @Nullable Gate gate;

	/** Guards all fields below. */
	private final ReentrantLock lock = new ReentrantLock();

	private final Deque<TaskRun> ready = new ArrayDeque<>();

	private int limit;

	private int requested;

	private int busy;

	private int looking;

	private boolean closed;

	/**
	 * Creates a pump that stands still.
	 * @param channel its channel
	 * @param limit how many tasks run at once
	 * @param resources broker, threads and settings
	 * @param running all tasks of this instance
	 */
	TaskPump(SubscribedChannel<?> channel, int limit, QueueResources resources, RunningTasks running) {
		this.resources = resources;
		this.running = running;
		this.runner = channel.runner();
		this.settlement = channel.settlement();
		this.limit = limit;
		this.gate = channel.gate(this::gateAsked);
		this.consumer = resources.adapter().consume(channel.scoped(), this::taken);
	}

	void start() {
		if (this.gate != null) {
			this.gate.start();
		}
		else {
			requestMore(0, 0);
		}
	}

	void limit(int limit) {
		this.lock.lock();
		try {
			this.limit = limit;
		}
		finally {
			this.lock.unlock();
		}
		if (this.gate == null) {
			requestMore(0, 0);
		}
		trim();
	}

	boolean isHanging() {
		return this.gate != null && this.gate.isHanging();
	}

	/**
	 * Takes nothing more and gives back what was not begun.
	 */
	void close() {
		List<TaskRun> unbegun;
		this.lock.lock();
		try {
			this.closed = true;
			unbegun = List.copyOf(this.ready);
			this.ready.clear();
		}
		finally {
			this.lock.unlock();
		}
		if (this.gate != null) {
			this.gate.stop();
		}
		this.consumer.close();
		unbegun.forEach(this::giveBack);
	}

	/**
	 * Frees the slot of a handler that did not come back.
	 * @param run its task
	 */
	void abandoned(TaskRun run) {
		this.running.abandoned(1);
		this.settlement.count("abandoned");
		this.settlement.settle(run, run.outcome(false, null));
		this.running.remove(run);
		requestMore(1, 0, false);
		requestMore(0, 0, this.gate == null || this.gate.ask());
	}

	private void taken(Delivery task) {
		TaskRun run = new TaskRun(task, this.resources.runtime(), this.running);
		this.running.add(run);
		boolean accepted;
		boolean startWorker;
		this.lock.lock();
		try {
			this.requested--;
			accepted = !this.closed && (this.gate == null || this.gate.isOpen());
			if (accepted) {
				this.ready.addLast(run);
			}
			startWorker = accepted && isWorkerNeeded();
		}
		finally {
			this.lock.unlock();
		}
		if (!accepted) {
			giveBack(run);
		}
		else if (startWorker) {
			startWorker();
		}
	}

	private void startWorker() {
		try {
			this.resources.runtime().executor().execute(this::work);
		}
		catch (TaskRejectedException ex) {
			this.lock.lock();
			try {
				this.looking--;
			}
			finally {
				this.lock.unlock();
			}
			logger.warn("No thread for a task; it is given back", ex);
			close();
		}
	}

	/**
	 * With a gate, tasks come one by one; the next question must not hold up this one.
	 */
	private void fillSlots() {
		Gate asked = this.gate;
		if (asked != null && hasFreeSlots()) {
			this.resources.runtime().executor().execute(() -> {
				if (asked.ask()) {
					requestMore(0, 0);
				}
			});
		}
	}

	private boolean hasFreeSlots() {
		this.lock.lock();
		try {
			return this.busy + this.ready.size() + this.requested < this.limit;
		}
		finally {
			this.lock.unlock();
		}
	}

	private void work() {
		TaskRun run = next();
		while (run != null) {
			fillSlots();
			if (!this.runner.run(run, this)) {
				this.running.abandoned(-1);
				return;
			}
			this.running.remove(run);
			run = nextAfter();
		}
	}

	private @Nullable TaskRun nextAfter() {
		if (this.gate == null) {
			requestMore(1, 1);
		}
		else {
			requestMore(1, 0, false);
			requestMore(0, 1, this.gate.ask());
		}
		return next();
	}

	private @Nullable TaskRun next() {
		TaskRun run;
		boolean startWorker;
		this.lock.lock();
		try {
			this.looking--;
			run = this.ready.pollFirst();
			this.busy += (run != null) ? 1 : 0;
			startWorker = isWorkerNeeded();
		}
		finally {
			this.lock.unlock();
		}
		if (startWorker) {
			startWorker();
		}
		return run;
	}

	private boolean isWorkerNeeded() {
		boolean needed = !this.ready.isEmpty() && this.looking == 0;
		this.looking += needed ? 1 : 0;
		return needed;
	}

	private void requestMore(int freed, int lookers) {
		requestMore(freed, lookers, true);
	}

	/**
	 * Requests as many tasks as there are free slots.
	 * @param freed how many slots became free
	 * @param lookers how many workers look for work from now on
	 * @param allowed whether to request at all
	 */
	private void requestMore(int freed, int lookers, boolean allowed) {
		int more;
		this.lock.lock();
		try {
			this.busy -= freed;
			this.looking += lookers;
			int free = this.limit - this.busy - this.ready.size() - this.requested;
			more = (this.gate != null) ? Math.min(free, 1 - this.requested) : free;
			more = (this.closed || !allowed) ? 0 : Math.max(0, more);
			this.requested += more;
		}
		finally {
			this.lock.unlock();
		}
		if (more > 0) {
			this.consumer.request(more);
		}
	}

	private void gateAsked() {
		if (this.gate != null && this.gate.isOpen()) {
			requestMore(0, 0);
		}
		else {
			withdraw(Integer.MAX_VALUE, 0);
		}
	}

	private void trim() {
		int excess;
		int keep;
		this.lock.lock();
		try {
			excess = this.busy + this.ready.size() + this.requested - this.limit;
			keep = Math.max(0, this.limit - this.busy);
		}
		finally {
			this.lock.unlock();
		}
		if (excess > 0) {
			withdraw(excess, keep);
		}
	}

	private void withdraw(int requests, int keep) {
		int withdrawn = this.consumer.withdraw(requests);
		List<TaskRun> unbegun = new ArrayList<>();
		this.lock.lock();
		try {
			this.requested -= withdrawn;
			while (this.ready.size() > keep) {
				unbegun.add(this.ready.removeLast());
			}
		}
		finally {
			this.lock.unlock();
		}
		unbegun.forEach(this::giveBack);
	}

	private void giveBack(TaskRun run) {
		if (run.end()) {
			this.settlement.settle(run, run.outcome(false, null));
		}
		this.running.remove(run);
	}

}
