package com.nocobase.cluster.sync;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

import com.nocobase.cluster.support.ClusterRuntime;

/**
 * The questions of other instances that this one has not answered yet. Each is answered
 * once, when this instance has come that far.
 */
final class SyncAnswers {

	private static final int MOST_OPEN = 10_000;

	private static final Duration LONGEST = Duration.ofHours(1);

	private final SyncTalk talk;

	private final SyncSubscriptions subscriptions;

	private final ClusterRuntime runtime;

	private final Map<String, Open> open = new ConcurrentHashMap<>();

	SyncAnswers(SyncTalk talk, SyncSubscriptions subscriptions, ClusterRuntime runtime) {
		this.talk = talk;
		this.subscriptions = subscriptions;
		this.runtime = runtime;
	}

	void asked(String asker, SyncQuestion question) {
		long now = this.runtime.nanoTime();
		this.open.values().removeIf((other) -> other.endsAt - now < 0);
		if (this.open.size() < MOST_OPEN) {
			long nanos = Duration.ofMillis(Math.min(question.millis(), LONGEST.toMillis())).toNanos();
			this.open.put(question.id(), new Open(asker, question, now + nanos));
			answerIfPossible(question.id());
		}
	}

	void progressed() {
		if (!this.open.isEmpty()) {
			this.open.keySet().forEach(this::answerIfPossible);
		}
	}

	void clear() {
		this.open.clear();
	}

	private void answerIfPossible(String id) {
		Open asked = this.open.get(id);
		Boolean subscribed = (asked != null) ? answer(asked.question) : null;
		if (asked != null && subscribed != null && this.open.remove(id, asked)) {
			SyncAnswer answer = new SyncAnswer(id, subscribed);
			this.runtime.executor().execute(() -> this.talk.tell(asked.asker, answer));
		}
	}

	private @Nullable Boolean answer(SyncQuestion question) {
		Boolean subscribed = this.subscriptions.isSubscribed(question.channel());
		if (Boolean.TRUE.equals(subscribed) && !this.subscriptions.hasHandled(question.channel(), question.upTo())) {
			return null;
		}
		return subscribed;
	}

	private record Open(String asker, SyncQuestion question, long endsAt) {
	}

}
