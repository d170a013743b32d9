package com.nocobase.cluster.queue;

import java.time.Duration;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import com.nocobase.cluster.message.Envelope;
import com.nocobase.cluster.message.MessageTypes;

/**
 * Reads tasks of one subscription and has its handler do them.
 *
 * @param <T> the type of the tasks
 */
final class TaskRunner<T> {

	private final QueueResources resources;

	private final Class<T> type;

	private final @Nullable Duration timeout;

	private final TaskHandler<? super T> handler;

	private final Settlement settlement;

	private final NewerTasks newer = new NewerTasks();

	TaskRunner(QueueResources resources, Class<T> type, @Nullable Duration timeout, TaskHandler<? super T> handler,
			Settlement settlement) {
		this.resources = resources;
		this.type = type;
		this.timeout = timeout;
		this.handler = handler;
		this.settlement = settlement;
	}

	/**
	 * Does one task and settles it.
	 * @param run the task
	 * @param pump is told if the handler does not come back
	 * @return {@code false} if the task was taken away meanwhile
	 */
	boolean run(TaskRun run, TaskPump pump) {
		Delivery task = run.delivery();
		int deaths = task.deaths();
		if (deaths >= this.resources.properties().maxCrashes()) {
			refuse(run, "%d instances died while they had this task".formatted(deaths));
			return true;
		}
		Envelope envelope;
		TaskPolicy policy;
		T message;
		try {
			envelope = this.resources.codec().decode(task.frame());
			if (envelope.isNewer()) {
				giveBackNewer(run, envelope);
				return true;
			}
			if (!MessageTypes.accepts(this.type, envelope.type())) {
				refuse(run, "Is of type '%s', but '%s' is subscribed".formatted(envelope.type(),
						MessageTypes.nameOf(this.type)));
				return true;
			}
			policy = TaskPolicy.of(envelope);
			message = this.resources.codec().read(envelope, this.type);
		}
		catch (RuntimeException | StackOverflowError | LinkageError ex) {
			refuse(run, TaskOutcome.text(ex));
			return true;
		}
		return handle(run, pump, policy, message);
	}

	private boolean handle(TaskRun run, TaskPump pump, TaskPolicy policy, T message) {
		Throwable failure = null;
		if (run.begin(pump, policy, budget(policy))) {
			try {
				this.handler.handle(message, run);
			}
			catch (Throwable ex) {
				failure = ex;
			}
		}
		boolean owned = run.end();
		// What follows, and the next task, must not see an interrupt meant for this one.
		Thread.interrupted();
		if (owned) {
			this.settlement.settle(run, run.outcome(true, failure));
		}
		else {
			this.settlement.lateResult(run.delivery());
		}
		return owned;
	}

	private Duration budget(TaskPolicy policy) {
		if (this.timeout != null) {
			return this.timeout;
		}
		return (policy.timeout() != null) ? policy.timeout() : this.resources.properties().timeout();
	}

	private void refuse(TaskRun run, String error) {
		run.end();
		this.settlement.count("unreadable");
		this.settlement.refuse(run.delivery(), error);
	}

	private void giveBackNewer(TaskRun run, Envelope envelope) {
		run.end();
		this.settlement.count("newer");
		Optional<Duration> pause = this.newer.pause(run.id());
		if (pause.isPresent()) {
			this.settlement.giveBack(run.delivery(), pause.get());
		}
		else {
			this.settlement.refuse(run.delivery(),
					"Has envelope version %d, which no instance here can read".formatted(envelope.version()));
		}
	}

}
