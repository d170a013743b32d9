package com.nocobase.cluster.queue;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;

/**
 * An application's own adapter: it takes tasks and confirms them when the test says so.
 */
public final class SilentAdapter implements QueueAdapter {

	final Queue<CompletableFuture<Void>> unconfirmed = new ConcurrentLinkedQueue<>();

	@Override
	public void connect(QueueHost host) {
	}

	@Override
	public void disconnect() {
	}

	@Override
	public boolean isConnected() {
		return true;
	}

	@Override
	public CompletionStage<Void> publish(TaskMessage task) {
		CompletableFuture<Void> confirmation = new CompletableFuture<>();
		this.unconfirmed.add(confirmation);
		return confirmation;
	}

	@Override
	public QueueConsumer consume(String channel, int concurrency, Consumer<Delivery> sink) {
		return new QueueConsumer() {

			@Override
			public void request(int tasks) {
			}

			@Override
			public int withdraw(int tasks) {
				return 0;
			}

			@Override
			public void concurrency(int tasks) {
			}

			@Override
			public void close() {
			}

		};
	}

	@Override
	public boolean cancel(String id, Duration timeout) {
		return false;
	}

	@Override
	public DeadLetters deadLetters(String channel) {
		throw new QueueException("The broker is silent", null);
	}

}
