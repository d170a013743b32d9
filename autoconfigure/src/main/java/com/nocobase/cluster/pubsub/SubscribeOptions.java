package com.nocobase.cluster.pubsub;

import java.time.Duration;

import org.springframework.util.Assert;

/**
 * How a subscription gets its messages.
 *
 * @param debounce how long a window stays open without a new message; zero hands over
 * each message at once. A window closes at the latest 5 times that after its first
 * message; then its distinct messages are handled in the order of their last occurrence
 * @param onMissed told, before the next message, that messages may be missing: the
 * connection was lost and is back, or the backlog overflowed
 */
public record SubscribeOptions(Duration debounce, Runnable onMissed) {

	/** No debounce, and nobody is told. */
	public static final SubscribeOptions DEFAULTS = new SubscribeOptions(Duration.ZERO, () -> {
	});

	public SubscribeOptions {
		Assert.isTrue(!debounce.isNegative(), () -> "debounce must not be negative, but is " + debounce);
	}

	/**
	 * Returns a copy with another debounce.
	 * @param debounce zero or more
	 * @return the copy
	 */
	public SubscribeOptions withDebounce(Duration debounce) {
		return new SubscribeOptions(debounce, this.onMissed);
	}

	/**
	 * Returns a copy with another callback.
	 * @param onMissed told that messages may be missing
	 * @return the copy
	 */
	public SubscribeOptions withOnMissed(Runnable onMissed) {
		return new SubscribeOptions(this.debounce, onMissed);
	}

}
