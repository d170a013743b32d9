package com.nocobase.cluster.queue;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.jspecify.annotations.Nullable;

import com.nocobase.cluster.message.SendState;
import com.nocobase.cluster.tx.AsyncSend;
import com.nocobase.cluster.tx.DeferredTo;
import com.nocobase.cluster.tx.Receipt;

/**
 * One task on its way out, and its receipt.
 */
final class TaskTicket implements TaskReceipt, AsyncSend {

	private final QueueAdapter adapter;

	private final TaskMessage task;

	private final Duration timeout;

	private final Receipt receipt = new Receipt();

	private final CompletableFuture<String> confirmed = new CompletableFuture<>();

	TaskTicket(QueueAdapter adapter, TaskMessage task, Duration timeout) {
		this.adapter = adapter;
		this.task = task;
		this.timeout = timeout;
	}

	void deferredTo(DeferredTo transaction) {
		this.receipt.deferredTo(transaction);
	}

	@Override
	public CompletionStage<Void> start() {
		return this.adapter.publish(this.task);
	}

	@Override
	public void send() {
		CompletableFuture<Void> sent = start().toCompletableFuture();
		try {
			sent.get(this.timeout.toNanos(), TimeUnit.NANOSECONDS);
		}
		catch (ExecutionException ex) {
			throw failure("The broker did not take " + this.task, ex.getCause());
		}
		catch (TimeoutException ex) {
			sent.cancel(true);
			throw failure("The broker did not confirm %s within %s".formatted(this.task, this.timeout), ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw failure("Interrupted before the broker confirmed " + this.task, ex);
		}
	}

	@Override
	public void settled(SendState state, @Nullable Throwable failure) {
		this.receipt.settle(state, failure);
		if (state == SendState.SENT) {
			this.confirmed.complete(id());
		}
		else {
			this.confirmed.completeExceptionally((state == SendState.NOT_SENT)
					? new QueueException("The transaction was rolled back; dropped " + this.task, null)
					: failure("The broker did not take " + this.task, failure));
		}
	}

	@Override
	public String id() {
		return this.task.id();
	}

	@Override
	public CompletableFuture<String> confirmed() {
		return this.confirmed.copy();
	}

	@Override
	public SendState state() {
		return this.receipt.state();
	}

	@Override
	public SendState await(Duration timeout) {
		return this.receipt.await(timeout);
	}

	@Override
	public CompletionStage<SendState> outcome() {
		return this.receipt.outcome();
	}

	@Override
	public @Nullable Throwable failure() {
		return this.receipt.failure();
	}

	@Override
	public String toString() {
		return this.task.toString();
	}

	private static QueueException failure(String message, @Nullable Throwable cause) {
		return (cause instanceof QueueException known) ? known : new QueueException(message, cause);
	}

}
