package com.nocobase.cluster.queue;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

import org.springframework.util.Assert;

import com.nocobase.cluster.message.Names;

/**
 * Lets one application see its own tasks and the shared ones in a store of tasks.
 */
final class ScopedTaskLookup implements TaskLookup {

	private final TaskStore store;

	private final Channels channels;

	private final Clock clock;

	ScopedTaskLookup(TaskStore store, Channels channels, Clock clock) {
		this.store = store;
		this.channels = channels;
		this.clock = clock;
	}

	@Override
	public Optional<TaskInfo> find(String id) {
		return ours(id).map((task) -> new TaskInfo(task.id(), this.channels.plain(task.channel()),
				this.channels.isShared(task.channel()), task.state(), task.attempt(), task.done(), task.total(),
				task.publishedAt(), task.error()));
	}

	@Override
	public boolean cancel(String id) {
		return ours(id).isPresent() && this.store.cancel(id);
	}

	@Override
	public long depth(String channel, boolean shared) {
		return this.store.backlog(this.channels.scoped(channel, shared)).depth();
	}

	@Override
	public Optional<Duration> oldestAge(String channel, boolean shared) {
		return this.store.backlog(this.channels.scoped(channel, shared))
			.oldest()
			.map((oldest) -> Duration.between(oldest, this.clock.instant()))
			.map((age) -> age.isNegative() ? Duration.ZERO : age);
	}

	@Override
	public List<DeadLetter> deadLetters(String channel, boolean shared, int atMost) {
		Assert.isTrue(atMost > 0, () -> "atMost must be positive, but is " + atMost);
		return this.store.deadLetters(this.channels.scoped(channel, shared), atMost);
	}

	@Override
	public boolean retryDead(String id) {
		return ours(id).isPresent() && this.store.retryDead(id);
	}

	@Override
	public boolean discardDead(String id) {
		return ours(id).isPresent() && this.store.discardDead(id);
	}

	private Optional<TaskInfo> ours(String id) {
		Names.check("id", id);
		return this.store.find(id).filter((task) -> this.channels.isOurs(task.channel()));
	}

}
