package com.nocobase.cluster.sync;

import java.time.Duration;

import org.jspecify.annotations.Nullable;
import org.springframework.util.Assert;

/**
 * How a subscription gets sync messages.
 *
 * @param debounce how long a window stays open without a new message, {@code null} for
 * {@code nocobase.cluster.sync.debounce}; zero hands over each message at once. A window
 * closes at the latest 5 times that after its first message; then its distinct messages
 * are handled in the order of their last occurrence
 * @param resync reloads everything; runs when messages may have been missed. {@code null}
 * where nothing can be reloaded; what was missed is then logged as an error
 */
public record SyncOptions(@Nullable Duration debounce, @Nullable Runnable resync) {

	/** The configured debounce, and nothing that reloads. */
	public static final SyncOptions DEFAULTS = new SyncOptions(null, null);

	public SyncOptions {
		Assert.isTrue(debounce == null || !debounce.isNegative(),
				() -> "debounce must not be negative, but is " + debounce);
	}

	/**
	 * Returns a copy with another debounce.
	 * @param debounce zero or more
	 * @return the copy
	 */
	public SyncOptions withDebounce(Duration debounce) {
		return new SyncOptions(debounce, this.resync);
	}

	/**
	 * Returns a copy with another way to reload.
	 * @param resync reloads everything
	 * @return the copy
	 */
	public SyncOptions withResync(Runnable resync) {
		return new SyncOptions(this.debounce, resync);
	}

}
