package com.nocobase.cluster.sync;

import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

import com.nocobase.cluster.support.ClusterRuntime;
import com.nocobase.cluster.support.Nanos;

/**
 * Asks other instances how far they are and waits for their answers. Who does not answer
 * is asked again each second: the question may have been lost, or the instance may not
 * have been connected yet.
 */
final class SyncQuestions {

	private static final long ASKED_AGAIN = Duration.ofSeconds(1).toNanos();

	private final SyncTalk talk;

	private final Supplier<Set<String>> live;

	private final ClusterRuntime runtime;

	private final Map<String, Asked> asked = new ConcurrentHashMap<>();

	/**
	 * Creates it.
	 * @param talk passes questions on
	 * @param live returns the ids of the other live instances
	 * @param runtime tells the time
	 */
	SyncQuestions(SyncTalk talk, Supplier<Set<String>> live, ClusterRuntime runtime) {
		this.talk = talk;
		this.live = live;
		this.runtime = runtime;
	}

	SyncApplied ask(String channel, SyncPosition upTo, Set<String> instances, Duration limit) {
		String id = UUID.randomUUID().toString();
		Asked asked = new Asked(instances);
		this.asked.put(id, asked);
		try {
			long end = this.runtime.nanoTime() + Nanos.of(limit);
			long left = Nanos.of(limit);
			do {
				SyncQuestion question = new SyncQuestion(id, channel, upTo, TimeUnit.NANOSECONDS.toMillis(left) + 1);
				Set<String> silent = asked.silent();
				silent.retainAll(this.live.get());
				if (silent.isEmpty()) {
					break;
				}
				silent.forEach((instance) -> this.talk.tell(instance, question));
				if (asked.isDoneWithin(Math.min(left, ASKED_AGAIN))) {
					break;
				}
				left = end - this.runtime.nanoTime();
			}
			while (left > 0);
			return asked.result(this.live.get());
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return asked.result(this.live.get());
		}
		finally {
			this.asked.remove(id);
		}
	}

	void answered(String instance, SyncAnswer answer) {
		Asked question = this.asked.get(answer.id());
		if (question != null) {
			question.answered(instance, answer.subscribed());
		}
	}

	private static final class Asked {

		private final Set<String> instances;

		private final Map<String, Boolean> answers = new ConcurrentHashMap<>();

		private final CompletableFuture<Boolean> done = new CompletableFuture<>();

		Asked(Set<String> instances) {
			this.instances = instances;
		}

		void answered(String instance, boolean subscribed) {
			this.answers.put(instance, subscribed);
			if (this.answers.keySet().containsAll(this.instances)) {
				this.done.complete(true);
			}
		}

		Set<String> silent() {
			Set<String> silent = new HashSet<>(this.instances);
			silent.removeAll(this.answers.keySet());
			return silent;
		}

		boolean isDoneWithin(long nanos) throws InterruptedException {
			try {
				return this.done.get(nanos, TimeUnit.NANOSECONDS);
			}
			catch (TimeoutException ex) {
				return false;
			}
			catch (ExecutionException ex) {
				throw new IllegalStateException("Never completed exceptionally", ex);
			}
		}

		SyncApplied result(Set<String> live) {
			Set<String> applied = new HashSet<>();
			Set<String> lagging = new HashSet<>();
			Set<String> gone = new HashSet<>();
			for (String instance : this.instances) {
				Boolean subscribed = this.answers.get(instance);
				if (subscribed == null) {
					(live.contains(instance) ? lagging : gone).add(instance);
				}
				else if (subscribed) {
					applied.add(instance);
				}
			}
			return new SyncApplied(applied, lagging, gone);
		}

	}

}
