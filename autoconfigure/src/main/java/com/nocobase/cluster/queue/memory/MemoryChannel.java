package com.nocobase.cluster.queue.memory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

import com.nocobase.cluster.queue.Delivery;
import com.nocobase.cluster.queue.QueueException;
import com.nocobase.cluster.queue.TaskMessage;
import com.nocobase.cluster.queue.TaskState;

/**
 * One channel, and the consumers that share its tasks in turn. A task that can be taken
 * is handed over by the thread that made it so, after it has left the lock. Safe from any
 * thread.
 */
final class MemoryChannel {

	/** Its monitor guards it, all tasks and the fields below. */
	private final ChannelTasks tasks;

	private final List<MemoryConsumer> consumers = new ArrayList<>();

	private int turn;

	MemoryChannel(String name) {
		this.tasks = new ChannelTasks(name);
	}

	/**
	 * Adds a task, unless it is there.
	 * @param message the task
	 * @param from the publisher
	 * @throws QueueException if the publisher is not connected, or the channel is full
	 */
	void publish(TaskMessage message, MemoryConnection from) {
		MemoryTask task = new MemoryTask(message.id(), message.frame(), message.priority(), from.now(), null);
		change((channel) -> {
			// Under the lock: what is added before a disconnect is seen by it.
			from.check();
			channel.add(task, message, from);
			return true;
		});
	}

	MemoryConsumer add(MemoryConnection connection, Consumer<Delivery> sink) {
		MemoryConsumer consumer = new MemoryConsumer(this, connection, sink);
		return change((channel) -> {
			connection.check();
			this.consumers.add(consumer);
			return consumer;
		});
	}

	void remove(MemoryConsumer consumer) {
		change((channel) -> this.consumers.remove(consumer));
	}

	void request(MemoryConsumer consumer, int more) {
		change((channel) -> consumer.requested += more);
	}

	int withdraw(MemoryConsumer consumer, int atMost) {
		return change((channel) -> {
			int withdrawn = Math.min(atMost, consumer.requested);
			consumer.requested -= withdrawn;
			return withdrawn;
		});
	}

	/**
	 * Lets go of an instance.
	 * @param connection the instance
	 * @param died whether it is a death for the tasks that it had
	 */
	void release(MemoryConnection connection, boolean died) {
		change((channel) -> {
			this.consumers.removeIf((consumer) -> consumer.connection == connection);
			channel.release(connection, died);
			return true;
		});
	}

	void progress(MemoryDelivery delivery, long done, long total) {
		owned(delivery, (task) -> {
			task.done = done;
			task.total = total;
		});
	}

	boolean finish(MemoryDelivery delivery, TaskState state) {
		return owned(delivery, (task) -> this.tasks.finish(task, state));
	}

	boolean retry(MemoryDelivery delivery, Duration delay, String error) {
		return owned(delivery, (task) -> this.tasks.retry(task, delay, error, delivery.consumer.connection));
	}

	boolean giveBack(MemoryDelivery delivery, Duration delay) {
		return owned(delivery, (task) -> this.tasks.giveBack(task, delay, delivery.consumer.connection));
	}

	boolean deadLetter(MemoryDelivery delivery, int attempts, String error) {
		return owned(delivery, (task) -> this.tasks.bury(task, attempts, error, delivery.consumer.connection.now()));
	}

	/**
	 * Reads or changes the tasks under the lock, and hands over what can be taken then.
	 * @param <R> the type of the result
	 * @param change what to do
	 * @return its result
	 */
	<R> R change(Function<ChannelTasks, R> change) {
		R result;
		List<MemoryDelivery> deliveries;
		// A monitor, as it spins: the lock is held for less time than a thread takes to
		// park.
		synchronized (this.tasks) {
			result = change.apply(this.tasks);
			deliveries = dispatch();
		}
		deliveries.forEach((delivery) -> delivery.consumer.sink.accept(delivery));
		return result;
	}

	private boolean owned(MemoryDelivery delivery, Consumer<MemoryTask> change) {
		return change((channel) -> {
			boolean owned = channel.isOwned(delivery.task, delivery.token);
			if (owned) {
				change.accept(delivery.task);
			}
			return owned;
		});
	}

	private List<MemoryDelivery> dispatch() {
		if (this.tasks.isNoneWaiting()) {
			return List.of();
		}
		List<MemoryDelivery> deliveries = new ArrayList<>(1);
		MemoryConsumer consumer = nextConsumer();
		while (consumer != null) {
			MemoryTask task = this.tasks.take(consumer.connection);
			if (task == null) {
				return deliveries;
			}
			consumer.requested--;
			deliveries.add(new MemoryDelivery(this, task, consumer));
			consumer = nextConsumer();
		}
		return deliveries;
	}

	private @Nullable MemoryConsumer nextConsumer() {
		// In turn, so that all instances get their share.
		int count = this.consumers.size();
		for (int i = 0; i < count; i++) {
			int index = (this.turn + i) % count;
			if (this.consumers.get(index).requested > 0) {
				this.turn = index + 1;
				return this.consumers.get(index);
			}
		}
		return null;
	}

}
