package com.nocobase.cluster.sample.datasource;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import com.nocobase.cluster.sample.web.ProblemException;

/**
 * What a caller wants beside the change itself.
 *
 * @param rollback whether to roll the change back after it was announced, to show that
 * nobody hears of it then
 * @param await how long to wait for the other instances; {@code null} does not wait
 */
record ChangeOptions(@Nullable Boolean rollback, @Nullable Duration await) {

	private static final Duration LONGEST = Duration.ofMinutes(5);

	/** Checked before the change, which is not made if its options are wrong. */
	ChangeOptions checked() {
		ProblemException.badRequestUnless(
				this.await == null || (!this.await.isNegative() && this.await.compareTo(LONGEST) <= 0),
				"await must be from PT0S to " + LONGEST + ", but is " + this.await);
		return this;
	}

	boolean rolledBack() {
		return Boolean.TRUE.equals(this.rollback);
	}

}
