package com.nocobase.cluster.queue.redis;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.ToIntFunction;

import org.jspecify.annotations.Nullable;

/**
 * Group commit: one call is under way at a time, and what is asked for meanwhile goes
 * with the next one. So a lone request leaves at once, and under load one call carries
 * many. Safe from any thread.
 *
 * @param <A> what is asked for
 * @param <R> what is answered
 */
final class GroupedCalls<A, R> {

	private static final int MOST = 128;

	private static final int MOST_BYTES = 1 << 20;

	private final Function<List<A>, CompletableFuture<List<R>>> call;

	private final ToIntFunction<A> size;

	private final Queue<Asked<A, R>> waiting = new ConcurrentLinkedQueue<>();

	private final AtomicBoolean underWay = new AtomicBoolean();

	private final Queue<CompletableFuture<Void>> watchers = new ConcurrentLinkedQueue<>();

	/**
	 * Creates it idle.
	 * @param call sends what many have asked for and answers in the same order; does not
	 * block
	 * @param size about how many bytes a request has
	 */
	GroupedCalls(Function<List<A>, CompletableFuture<List<R>>> call, ToIntFunction<A> size) {
		this.call = call;
		this.size = size;
	}

	/**
	 * Asks for something. It is not sent any more if the answer is cancelled before.
	 * @param request what
	 * @return the answer; dependents run on the driver's thread
	 */
	CompletableFuture<R> ask(A request) {
		Asked<A, R> asked = new Asked<>(request, new CompletableFuture<>());
		this.waiting.add(asked);
		sendIfIdle();
		return asked.answer;
	}

	/**
	 * Returns when nothing is asked for or under way any more.
	 * @return completed then
	 */
	CompletableFuture<Void> idle() {
		CompletableFuture<Void> idle = new CompletableFuture<>();
		this.watchers.add(idle);
		tellIfIdle();
		return idle;
	}

	private void tellIfIdle() {
		while (!this.watchers.isEmpty() && this.waiting.isEmpty() && !this.underWay.get()) {
			CompletableFuture<Void> watcher = this.watchers.poll();
			if (watcher != null) {
				watcher.complete(null);
			}
		}
	}

	private void sendIfIdle() {
		while (!this.waiting.isEmpty() && this.underWay.compareAndSet(false, true)) {
			if (send()) {
				return;
			}
		}
	}

	private boolean send() {
		List<Asked<A, R>> group = next();
		if (group.isEmpty()) {
			this.underWay.set(false);
			tellIfIdle();
			return false;
		}
		CompletableFuture<List<R>> answers;
		try {
			answers = this.call.apply(group.stream().map(Asked::request).toList());
		}
		catch (RuntimeException ex) {
			answers = CompletableFuture.failedFuture(ex);
		}
		answers.whenComplete((results, ex) -> answered(group, results, ex));
		return true;
	}

	private List<Asked<A, R>> next() {
		List<Asked<A, R>> group = new ArrayList<>();
		int bytes = 0;
		while (group.size() < MOST && bytes < MOST_BYTES) {
			Asked<A, R> asked = this.waiting.poll();
			if (asked == null) {
				return group;
			}
			if (!asked.answer.isDone()) {
				group.add(asked);
				bytes += this.size.applyAsInt(asked.request);
			}
		}
		return group;
	}

	private void answered(List<Asked<A, R>> group, List<R> results, @Nullable Throwable failure) {
		this.underWay.set(false);
		// The server works on the next ones while these are told.
		sendIfIdle();
		for (int i = 0; i < group.size(); i++) {
			if (failure != null) {
				group.get(i).answer.completeExceptionally(failure);
			}
			else {
				group.get(i).answer.complete(results.get(i));
			}
		}
		tellIfIdle();
	}

	/**
	 * A request and its answer to come.
	 *
	 * @param <A> what is asked for
	 * @param <R> what is answered
	 * @param request what is asked for
	 * @param answer what is answered
	 */
	private record Asked<A, R>(A request, CompletableFuture<R> answer) {

	}

}
