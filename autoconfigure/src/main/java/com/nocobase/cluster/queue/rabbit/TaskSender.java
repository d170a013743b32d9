package com.nocobase.cluster.queue.rabbit;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import com.nocobase.cluster.queue.QueueException;
import com.nocobase.cluster.queue.TaskMessage;
import com.nocobase.cluster.rabbit.RabbitServer;
import com.nocobase.cluster.rabbit.RabbitServerException;
import com.nocobase.cluster.support.ClusterRuntime;

/**
 * Puts tasks and their copies where they belong.
 */
final class TaskSender {

	private final RabbitServer server;

	private final TaskQueues queues;

	private final ClusterRuntime runtime;

	TaskSender(RabbitServer server, TaskQueues queues, ClusterRuntime runtime) {
		this.server = server;
		this.queues = queues;
		this.runtime = runtime;
	}

	long now() {
		return this.runtime.clock().millis();
	}

	/**
	 * Sends a new task and does not wait.
	 * @param task the task
	 * @return completed when the broker has it
	 * @throws QueueException if it cannot be sent
	 */
	CompletableFuture<Void> publish(TaskMessage task) {
		try {
			if (task.delay().isZero()) {
				return this.server.send(this.queues.due(task.channel()), TaskRecord.first(task.id(), now()),
						task.frame());
			}
			TaskRecord record = TaskRecord.of(TaskRecord.first(task.id(), now()), task.frame());
			return start(task.channel(), record, task.delay(), task.frame());
		}
		catch (RabbitServerException ex) {
			throw new QueueException("RabbitMQ did not take " + task, ex);
		}
	}

	/**
	 * Sends a copy and waits until the broker has it.
	 * @param channel the channel
	 * @param record what the copy tells
	 * @param delay how long it is kept from everybody
	 * @param frame the task
	 * @throws QueueException if the broker does not have it, or does not say so
	 */
	void copy(String channel, TaskRecord record, Duration delay, byte[] frame) {
		try {
			this.server.await(start(channel, record, delay, frame));
		}
		catch (RabbitServerException ex) {
			throw failed(channel, record, ex);
		}
	}

	/**
	 * Sends a copy to the dead letters and waits until the broker has it.
	 * @param channel the channel
	 * @param record what the copy tells
	 * @param frame the task
	 * @throws QueueException if the broker does not have it, or does not say so
	 */
	void deadLetter(String channel, TaskRecord record, byte[] frame) {
		try {
			this.server.await(this.server.send(this.queues.dead(channel), record.toProperties(Duration.ZERO), frame));
		}
		catch (RabbitServerException ex) {
			throw failed(channel, record, ex);
		}
	}

	private CompletableFuture<Void> start(String channel, TaskRecord record, Duration delay, byte[] frame) {
		if (delay.isZero()) {
			return this.server.send(this.queues.due(channel), record.toProperties(Duration.ZERO), frame);
		}
		Duration step = (delay.compareTo(TaskQueues.LONGEST_DELAY) < 0) ? delay : TaskQueues.LONGEST_DELAY;
		return this.server.send(this.queues.delayed(channel, step), record.toProperties(delay.minus(step)), frame);
	}

	private static QueueException failed(String channel, TaskRecord record, RabbitServerException cause) {
		return new QueueException("RabbitMQ did not take a copy of task %s of %s".formatted(record.id(), channel),
				cause);
	}

}
