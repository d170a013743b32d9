package com.nocobase.cluster.sample.task;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;

import com.nocobase.cluster.ClusterApp;
import com.nocobase.cluster.Plugin;
import com.nocobase.cluster.queue.QueueOptions;
import com.nocobase.cluster.queue.QueueSubscription;
import com.nocobase.cluster.queue.TaskOptions;
import com.nocobase.cluster.queue.TaskReceipt;
import com.nocobase.cluster.sample.web.ProblemException;

/**
 * Long tasks. Rows and messages are created in one transaction; the messages leave after
 * its commit, and an instance that serves {@code task:process} runs the tasks.
 */
@Component
class TaskPlugin extends Plugin {

	private static final String SERVING = "task:process";

	private static final int CONCURRENCY = 4;

	private static final Duration CONFIRMED_WITHIN = Duration.ofSeconds(30);

	private final Tasks tasks;

	private final TaskWorker worker;

	private final TransactionOperations transactions;

	private @Nullable QueueSubscription subscription;

	TaskPlugin(ClusterApp app, Tasks tasks, TaskWorker worker, TransactionOperations transactions) {
		super("task", app);
		this.tasks = tasks;
		this.worker = worker;
		this.transactions = transactions;
	}

	@Override
	public void load() {
		QueueOptions options = QueueOptions.DEFAULTS.withConcurrency(CONCURRENCY).withServing(SERVING);
		this.subscription = app().eventQueue()
			.subscribe(name(), RunTask.class, options, (task, context) -> this.worker.run(context));
	}

	@Override
	public void unload() {
		if (this.subscription != null) {
			this.subscription.close();
		}
	}

	List<String> create(NewTask task, int count) {
		TaskOptions options = TaskOptions.DEFAULTS.withMaxRetries(task.maxRetries()).withDelay(task.delay());
		List<TaskReceipt> receipts = this.transactions.execute((status) -> {
			List<TaskReceipt> published = IntStream.range(0, count)
				.mapToObj((i) -> app().eventQueue().publishAsync(name(), new RunTask(), options))
				.toList();
			this.tasks.insert(published.stream().map(TaskReceipt::id).toList(), task);
			return published;
		});
		return confirmed(Objects.requireNonNull(receipts));
	}

	boolean cancel(String id) {
		if (this.tasks.cancel(id)) {
			return app().eventQueue().cancel(id);
		}
		throw this.tasks.find(id).isPresent() ? new ProblemException(HttpStatus.CONFLICT, "The task is over")
				: new ProblemException(HttpStatus.NOT_FOUND, "There is no such task");
	}

	private static List<String> confirmed(List<TaskReceipt> receipts) {
		List<CompletableFuture<String>> confirmed = receipts.stream().map(TaskReceipt::confirmed).toList();
		try {
			CompletableFuture.allOf(confirmed.toArray(CompletableFuture[]::new))
				.get(CONFIRMED_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw unconfirmed(ex);
		}
		catch (ExecutionException | TimeoutException ex) {
			throw unconfirmed(ex);
		}
		return receipts.stream().map(TaskReceipt::id).toList();
	}

	private static ProblemException unconfirmed(Exception cause) {
		return new ProblemException(HttpStatus.SERVICE_UNAVAILABLE,
				"The queue has not confirmed every task; those that it has will run", cause);
	}

}
