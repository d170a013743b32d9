package com.nocobase.cluster.queue.memory;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;

import org.jspecify.annotations.Nullable;

import com.nocobase.cluster.queue.DeadLetter;
import com.nocobase.cluster.queue.TaskInfo;
import com.nocobase.cluster.queue.TaskState;

/**
 * One task. Guarded by the lock of its channel, the final fields apart.
 */
final class MemoryTask {

	static final Comparator<MemoryTask> BY_PRIORITY = (first, second) -> (first.priority != second.priority)
			? Integer.compare(second.priority, first.priority) : Long.compare(first.place, second.place);

	/** By subtraction, as these times wrap around. */
	static final Comparator<MemoryTask> BY_TIME = (first, second) -> {
		long difference = first.dueAt - second.dueAt;
		return (difference != 0) ? Long.signum(difference) : Long.compare(first.place, second.place);
	};

	private static final byte[] NO_FRAME = {};

	final String id;

	byte[] frame;

	final int priority;

	final Instant publishedAt;

	/** The file that has to stay as long as it is not over. */
	@Nullable HeldFile file;

	/** Where it stands in that file. */
	int position;

	TaskState state = TaskState.WAITING;

	/** Where it stands in its channel. */
	long place;

	/** Of a delayed one: when it may be taken, in the ticker's nanoseconds. */
	long dueAt;

	/** Rises with every change of the owner. */
	long token;

	@Nullable MemoryConnection owner;

	int failures;

	int deaths;

	long done;

	long total;

	@Nullable String error;

	@Nullable Instant diedAt;

	/**
	 * Creates a task that waits.
	 * @param id id of the task
	 * @param frame what was published
	 * @param priority from 0 to 9
	 * @param publishedAt when it was published
	 * @param file the file that it was read from, or {@code null}
	 */
	MemoryTask(String id, byte[] frame, int priority, Instant publishedAt, @Nullable HeldFile file) {
		this.id = id;
		this.frame = frame;
		this.priority = priority;
		this.publishedAt = publishedAt;
		this.file = file;
	}

	static MemoryTask of(SavedTask saved, Duration remaining, long now, HeldFile file, int position) {
		MemoryTask task = new MemoryTask(saved.id(), saved.frame(), saved.priority(),
				Instant.ofEpochMilli(saved.publishedAt()), file);
		task.position = position;
		task.failures = saved.failures();
		task.deaths = saved.deaths();
		task.error = saved.error();
		if (saved.diedAt() != null) {
			task.state = TaskState.DEAD;
			task.diedAt = Instant.ofEpochMilli(saved.diedAt());
		}
		else if (!remaining.isZero()) {
			task.state = TaskState.DELAYED;
			task.dueAt = now + remaining.toNanos();
		}
		return task;
	}

	SavedTask saved(String channel, long now) {
		long delay = (this.state == TaskState.DELAYED) ? Math.max(0, Duration.ofNanos(this.dueAt - now).toMillis()) : 0;
		return new SavedTask(channel, this.id, this.frame, this.priority, this.publishedAt.toEpochMilli(), delay,
				this.failures, this.deaths, this.error, (this.diedAt != null) ? this.diedAt.toEpochMilli() : null);
	}

	TaskInfo info(String channel) {
		boolean begun = this.state == TaskState.RUNNING || this.state == TaskState.SUCCEEDED
				|| (this.state == TaskState.CANCELED && this.owner != null);
		return new TaskInfo(this.id, channel, false, this.state, this.failures + (begun ? 1 : 0), this.done, this.total,
				this.publishedAt, this.error);
	}

	DeadLetter letter() {
		return new DeadLetter(this.id, this.failures, (this.error != null) ? this.error : "", this.publishedAt,
				(this.diedAt != null) ? this.diedAt : this.publishedAt, this.frame.clone());
	}

	/**
	 * Lets go of what nobody reads any more.
	 */
	void forgetFrame() {
		this.frame = NO_FRAME;
	}

	/**
	 * Takes it away from its owner, whose delivery does not count any more.
	 */
	void disown() {
		this.state = TaskState.WAITING;
		this.owner = null;
		this.token++;
	}

	/**
	 * Gives it all of its chances again.
	 */
	void renew() {
		this.state = TaskState.WAITING;
		this.failures = 0;
		this.deaths = 0;
		this.error = null;
		this.diedAt = null;
	}

}
