package com.nocobase.cluster.queue;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import com.nocobase.cluster.support.Alarm;

/**
 * Brings the tasks of one channel to the workers of one subscription, from a start to a
 * stop.
 * <ol>
 * <li>As many tasks are requested from the adapter as there are free slots; with a gate
 * only one at a time, and the gate is asked before.</li>
 * <li>A task that comes starts a worker on the executor, unless one is just looking for
 * work; when it has found a task and there are more, it starts the next one.</li>
 * <li>A worker that has done a task requests the next one and takes it itself; when there
 * is none it ends, and the last one waits a while before it does. So nothing is handed
 * over under load, and nothing polls.</li>
 * <li>A worker whose handler does not come back loses its slot to a new one.</li>
 * <li>When there is no thread for a worker, what waits for it is given back, and it is
 * started again and again.</li>
 * </ol>
 */
final class TaskPump {

	private static final Log logger = LogFactory.getLog(TaskPump.class);

	private static final Duration AGAIN = Duration.ofSeconds(1);

	private final QueueResources resources;

	private final RunningTasks running;

	private final TaskRunner<?> runner;

	private final Settlement settlement;

	private final QueueConsumer consumer;

	private final @Nullable Gate gate;

	private final TaskSlots slots;

	private final Alarm again;

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
		this.gate = channel.gate(this::gateAsked);
		this.slots = new TaskSlots(limit, (this.gate != null) ? 1 : Integer.MAX_VALUE);
		this.again = new Alarm(resources.runtime(), () -> resources.runtime().executor().execute(this::workAgain));
		this.consumer = resources.adapter().consume(channel.scoped(), limit, this::taken);
	}

	void start() {
		if (this.gate != null) {
			this.gate.start();
		}
		else {
			request(0, 0, true);
		}
	}

	void limit(int limit) {
		int excess = this.slots.limit(limit);
		this.consumer.concurrency(limit);
		if (excess > 0) {
			withdraw(excess, false);
		}
		else if (this.gate == null) {
			request(0, 0, true);
		}
	}

	boolean isHanging() {
		return this.gate != null && this.gate.isHanging();
	}

	/**
	 * Takes nothing more and gives back what was not begun.
	 */
	void close() {
		List<TaskRun> unbegun = this.slots.close();
		this.again.cancel();
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
		free(0);
	}

	private void taken(Delivery task) {
		TaskRun run = new TaskRun(task, this.resources.runtime(), this.running);
		this.running.add(run);
		switch (this.slots.fill(run, this.gate == null || this.gate.isOpen())) {
			case REFUSED -> giveBack(run);
			case START_WORKER -> startWorker();
			case WORKER_COMES -> {
			}
		}
	}

	private void startWorker() {
		try {
			this.resources.runtime().executor().execute(this::work);
		}
		catch (RejectedExecutionException | OutOfMemoryError ex) {
			logger.warn("No thread for a task; it is given back", ex);
			this.slots.starved();
			withdraw(Integer.MAX_VALUE, true);
			this.again.within(AGAIN);
			// A worker may have begun to look for work in between, and gets none
			// otherwise.
			request(0, 0, this.gate == null || this.gate.isOpen());
		}
	}

	private void workAgain() {
		this.slots.fed();
		request(0, 0, this.gate == null || this.gate.ask());
		work();
	}

	private void work() {
		TaskRun run = find();
		while (run != null) {
			fillSlots();
			if (!this.runner.run(run, this)) {
				this.running.abandoned(-1);
				return;
			}
			this.running.remove(run);
			free(1);
			run = find();
		}
	}

	private @Nullable TaskRun find() {
		TaskSlots.Found found = this.slots.find();
		if (found.startWorker()) {
			startWorker();
		}
		return found.run();
	}

	/**
	 * Frees a slot and requests a task for it.
	 * @param lookers how many workers look for work from now on
	 */
	private void free(int lookers) {
		if (this.gate == null) {
			request(1, lookers, true);
			return;
		}
		// The slot is free before the gate is asked, which may take its time.
		request(1, 0, false);
		request(0, lookers, this.gate.ask());
	}

	private void fillSlots() {
		Gate asked = this.gate;
		// With a gate tasks come one by one; the next question must not hold up this one.
		if (asked == null || !this.slots.isAnyFree()) {
			return;
		}
		try {
			this.resources.runtime().executor().execute(() -> request(0, 0, asked.ask()));
		}
		catch (RejectedExecutionException | OutOfMemoryError ex) {
			logger.debug("No thread to ask the gate; it is asked later", ex);
		}
	}

	private void request(int freed, int lookers, boolean wanted) {
		int more = this.slots.request(freed, lookers, wanted);
		if (more > 0) {
			this.consumer.request(more);
		}
	}

	private void gateAsked() {
		if (this.gate != null && this.gate.isOpen()) {
			request(0, 0, true);
		}
		else {
			withdraw(Integer.MAX_VALUE, true);
		}
	}

	private void withdraw(int requests, boolean all) {
		int withdrawn = this.consumer.withdraw(requests);
		this.slots.withdraw(withdrawn, all).forEach(this::giveBack);
	}

	private void giveBack(TaskRun run) {
		if (run.end()) {
			this.settlement.settle(run, run.outcome(false, null));
		}
		this.running.remove(run);
	}

}
