package com.nocobase.cluster.queue.memory;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

import com.nocobase.cluster.queue.DeadLetter;
import com.nocobase.cluster.queue.QueueException;
import com.nocobase.cluster.queue.TaskInfo;
import com.nocobase.cluster.queue.TaskMessage;
import com.nocobase.cluster.queue.TaskState;
import com.nocobase.cluster.queue.TaskStore;

/**
 * The tasks of one channel in every state, and how they get from one to the other.
 * Guarded by the lock of the channel.
 */
final class ChannelTasks {

	private static final int REMEMBERED = 10_000;

	private final String channel;

	/** Those that are not over, in the order of publishing. */
	private final Map<String, MemoryTask> live = new LinkedHashMap<>();

	private final TreeSet<MemoryTask> waiting = new TreeSet<>(MemoryTask.BY_PRIORITY);

	private final TreeSet<MemoryTask> delayed = new TreeSet<>(MemoryTask.BY_TIME);

	private final Map<String, MemoryTask> dead = new LinkedHashMap<>();

	private final DedupWindow window = new DedupWindow();

	/** Oldest first. */
	private final Map<String, MemoryTask> finished = new LinkedHashMap<>() {

		@Override
		protected boolean removeEldestEntry(Map.Entry<String, MemoryTask> eldest) {
			return size() > REMEMBERED;
		}

	};

	private long places;

	ChannelTasks(String channel) {
		this.channel = channel;
	}

	/**
	 * Adds a task, unless it is there or was there lately.
	 * @param task the task
	 * @param message what was published
	 * @param from the publisher
	 */
	void add(MemoryTask task, TaskMessage message, MemoryConnection from) {
		Duration dedup = message.dedupWindow();
		if (this.live.containsKey(task.id) || (dedup != null && this.window.contains(task.id, from.nanoTime()))) {
			return;
		}
		if (this.live.size() + this.dead.size() >= from.maxSize()) {
			throw new QueueException(("Channel '%s' is full with %d tasks and %d dead letters; raise "
					+ "nocobase.cluster.queue.memory.max-size, or retry or discard dead letters")
				.formatted(this.channel, this.live.size(), this.dead.size()), null);
		}
		if (dedup != null) {
			this.window.add(task.id, from.nanoTime(), dedup);
		}
		this.live.put(task.id, task);
		enqueue(task, message.delay(), from);
	}

	/**
	 * Adds a task that was read from a file. One that is there already stays as it is,
	 * and belongs to that file from now on. A dead letter and a task that was published
	 * under its id later are two if they stand in the same file.
	 * @param task the task
	 * @param to who has read it
	 */
	void restore(MemoryTask task, MemoryConnection to) {
		MemoryTask known = known(task.id);
		if (known != null && known.file == task.file) {
			known = ((task.state == TaskState.DEAD) ? this.dead : this.live).get(task.id);
		}
		if (known != null) {
			over(known);
			known.file = task.file;
			known.position = task.position;
			return;
		}
		task.place = this.places++;
		if (task.state == TaskState.DEAD) {
			this.dead.put(task.id, task);
			return;
		}
		this.live.put(task.id, task);
		if (task.state == TaskState.DELAYED) {
			this.delayed.add(task);
			to.wakeUpBy(task.dueAt);
		}
		else {
			this.waiting.add(task);
		}
	}

	boolean isNoneWaiting() {
		return this.waiting.isEmpty();
	}

	@Nullable MemoryTask take(MemoryConnection owner) {
		MemoryTask task = this.waiting.pollFirst();
		if (task != null) {
			task.state = TaskState.RUNNING;
			task.owner = owner;
			task.token++;
		}
		return task;
	}

	boolean isOwned(MemoryTask task, long token) {
		return task.state == TaskState.RUNNING && task.token == token;
	}

	void finish(MemoryTask task, TaskState state) {
		task.state = state;
		task.token++;
		this.live.remove(task.id);
		task.forgetFrame();
		if (this.finished.put(task.id, task) != null) {
			// The same dedupId again: it is one of the newest now.
			this.finished.remove(task.id);
			this.finished.put(task.id, task);
		}
		over(task);
	}

	void retry(MemoryTask task, Duration delay, String error, MemoryConnection by) {
		task.disown();
		task.failures++;
		task.error = error;
		enqueue(task, delay, by);
	}

	void giveBack(MemoryTask task, Duration delay, MemoryConnection by) {
		task.disown();
		if (delay.isZero()) {
			this.waiting.add(task);
		}
		else {
			enqueue(task, delay, by);
		}
	}

	void bury(MemoryTask task, int attempts, String error, Instant now) {
		task.disown();
		task.state = TaskState.DEAD;
		task.failures = attempts;
		task.error = error;
		task.diedAt = now;
		this.live.remove(task.id);
		MemoryTask before = this.dead.remove(task.id);
		if (before != null) {
			over(before);
		}
		this.dead.put(task.id, task);
	}

	void release(MemoryConnection owner, boolean died) {
		for (MemoryTask task : this.live.values()) {
			if (task.state == TaskState.RUNNING && task.owner == owner) {
				task.deaths += died ? 1 : 0;
				task.disown();
				this.waiting.add(task);
			}
		}
	}

	void promote(MemoryConnection connection) {
		long now = connection.nanoTime();
		while (!this.delayed.isEmpty() && this.delayed.first().dueAt - now <= 0) {
			MemoryTask task = this.delayed.first();
			this.delayed.remove(task);
			task.place = this.places++;
			task.state = TaskState.WAITING;
			this.waiting.add(task);
		}
		if (!this.delayed.isEmpty()) {
			connection.wakeUpBy(this.delayed.first().dueAt);
		}
	}

	boolean cancel(String id) {
		MemoryTask task = this.live.get(id);
		if (task == null || !(this.waiting.remove(task) || this.delayed.remove(task))) {
			return false;
		}
		finish(task, TaskState.CANCELED);
		return true;
	}

	Optional<TaskInfo> find(String id) {
		MemoryTask task = known(id);
		return Optional.ofNullable((task != null) ? task : this.finished.get(id))
			.map((found) -> found.info(this.channel));
	}

	TaskStore.Backlog backlog() {
		Optional<Instant> oldest = this.live.values()
			.stream()
			.filter((task) -> task.state != TaskState.RUNNING)
			.findFirst()
			.map((task) -> task.publishedAt);
		return new TaskStore.Backlog(this.waiting.size() + (long) this.delayed.size(), oldest);
	}

	List<DeadLetter> deadLetters(int atMost) {
		return this.dead.values().stream().limit(atMost).map(MemoryTask::letter).toList();
	}

	int retryDead(Predicate<String> wanted, int atMost) {
		// One whose id is in use again stays where it is.
		List<MemoryTask> letters = dead(wanted.and((id) -> !this.live.containsKey(id)), atMost);
		for (MemoryTask task : letters) {
			this.dead.remove(task.id);
			task.renew();
			task.place = this.places++;
			this.live.put(task.id, task);
			this.waiting.add(task);
		}
		return letters.size();
	}

	int discardDead(Predicate<String> wanted, int atMost) {
		List<MemoryTask> letters = dead(wanted, atMost);
		for (MemoryTask task : letters) {
			this.dead.remove(task.id);
			over(task);
		}
		return letters.size();
	}

	List<SavedTask> undone(long now) {
		List<SavedTask> saved = new ArrayList<>(this.live.size() + this.dead.size());
		this.live.values().forEach((task) -> saved.add(task.saved(this.channel, now)));
		this.dead.values().forEach((task) -> saved.add(task.saved(this.channel, now)));
		return saved;
	}

	void clear() {
		this.live.clear();
		this.waiting.clear();
		this.delayed.clear();
		this.dead.clear();
	}

	private @Nullable MemoryTask known(String id) {
		MemoryTask task = this.live.get(id);
		return (task != null) ? task : this.dead.get(id);
	}

	private List<MemoryTask> dead(Predicate<String> wanted, int atMost) {
		return this.dead.values().stream().filter((task) -> wanted.test(task.id)).limit(atMost).toList();
	}

	private void enqueue(MemoryTask task, Duration delay, MemoryConnection by) {
		task.place = this.places++;
		if (delay.isZero()) {
			this.waiting.add(task);
			return;
		}
		task.state = TaskState.DELAYED;
		task.dueAt = by.nanoTime() + delay.toNanos();
		this.delayed.add(task);
		by.wakeUpBy(task.dueAt);
	}

	private static void over(MemoryTask task) {
		if (task.file != null) {
			task.file.taskOver(task.position);
		}
	}

}
