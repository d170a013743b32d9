package com.nocobase.cluster.queue.memory;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

import com.nocobase.cluster.memory.MemoryBroker;
import com.nocobase.cluster.queue.DeadLetter;
import com.nocobase.cluster.queue.DeadLetters;
import com.nocobase.cluster.queue.Delivery;
import com.nocobase.cluster.queue.QueueAdapter;
import com.nocobase.cluster.queue.QueueConsumer;
import com.nocobase.cluster.queue.QueueException;
import com.nocobase.cluster.queue.QueueHost;
import com.nocobase.cluster.queue.TaskInfo;
import com.nocobase.cluster.queue.TaskMessage;
import com.nocobase.cluster.queue.TaskStore;
import com.nocobase.cluster.support.ClusterRuntime;
import com.nocobase.cluster.support.Signals;

/**
 * Keeps tasks in the {@link MemoryBroker}.
 */
final class MemoryQueueAdapter implements QueueAdapter, TaskStore {

	private static final CompletableFuture<Void> DONE = CompletableFuture.completedFuture(null);

	private final MemoryQueues queues;

	private final ClusterRuntime runtime;

	private final Signals signals;

	private final MemoryQueueProperties properties;

	private volatile @Nullable MemoryConnection connection;

	MemoryQueueAdapter(MemoryBroker broker, ClusterRuntime runtime, Signals signals, MemoryQueueProperties properties) {
		this.queues = broker.part(MemoryQueues.class, MemoryQueues::new);
		this.runtime = runtime;
		this.signals = signals;
		this.properties = properties;
	}

	@Override
	public void connect(QueueHost host) {
		UndoneFiles files = new UndoneFiles(this.properties.directory(), host.instance().app(), this.runtime.executor(),
				this.signals);
		MemoryConnection connecting = new MemoryConnection(host, this.runtime, this.properties.maxSize(), files,
				this.queues);
		this.queues.connect(connecting);
		this.connection = connecting;
	}

	@Override
	public void disconnect() {
		MemoryConnection leaving = this.connection;
		if (leaving != null) {
			this.connection = null;
			this.queues.disconnect(leaving, this.signals);
		}
	}

	@Override
	public boolean isConnected() {
		MemoryConnection current = this.connection;
		return current != null && current.isOpen();
	}

	@Override
	public CompletionStage<Void> publish(TaskMessage task) {
		MemoryConnection from = connection();
		try {
			this.queues.channel(task.channel()).publish(task, from);
			return DONE;
		}
		catch (QueueException ex) {
			return CompletableFuture.failedFuture(ex);
		}
	}

	@Override
	public QueueConsumer consume(String channel, int concurrency, Consumer<Delivery> sink) {
		return this.queues.channel(channel).add(connection(), sink);
	}

	@Override
	public boolean cancel(String id, Duration timeout) {
		return this.queues.cancel(id, connection());
	}

	@Override
	public DeadLetters deadLetters(String channel) {
		MemoryChannel letters = this.queues.channel(channel);
		return new DeadLetters() {

			@Override
			public int retry(int atMost) {
				return letters.change((tasks) -> tasks.retryDead((id) -> true, atMost));
			}

			@Override
			public int discard(int atMost) {
				return letters.change((tasks) -> tasks.discardDead((id) -> true, atMost));
			}

		};
	}

	@Override
	public Optional<TaskInfo> find(String id) {
		return this.queues.channels()
			.stream()
			.flatMap((channel) -> channel.change((tasks) -> tasks.find(id)).stream())
			.findFirst();
	}

	@Override
	public boolean cancel(String id) {
		return anyChannel((tasks) -> tasks.cancel(id));
	}

	@Override
	public Backlog backlog(String channel) {
		return this.queues.channel(channel).change(ChannelTasks::backlog);
	}

	@Override
	public List<DeadLetter> deadLetters(String channel, int atMost) {
		return this.queues.channel(channel).change((tasks) -> tasks.deadLetters(atMost));
	}

	@Override
	public boolean retryDead(String id) {
		return anyChannel((tasks) -> tasks.retryDead(id::equals, 1) > 0);
	}

	@Override
	public boolean discardDead(String id) {
		return anyChannel((tasks) -> tasks.discardDead(id::equals, 1) > 0);
	}

	private boolean anyChannel(Predicate<ChannelTasks> action) {
		return this.queues.channels().stream().anyMatch((channel) -> channel.change(action::test));
	}

	private MemoryConnection connection() {
		MemoryConnection current = this.connection;
		if (current == null) {
			throw new QueueException("The queue in memory is not connected", null);
		}
		return current;
	}

}
