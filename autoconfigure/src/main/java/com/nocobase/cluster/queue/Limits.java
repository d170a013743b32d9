package com.nocobase.cluster.queue;

import java.time.Duration;

import org.springframework.util.Assert;

/**
 * Bounds that keep every time within what nanoseconds can count.
 */
final class Limits {

	static final Duration LONGEST = Duration.ofDays(36_500);

	private Limits() {
	}

	static Duration positive(String what, Duration time) {
		Assert.isTrue(time.compareTo(Duration.ZERO) > 0, () -> what + " must be positive, but is " + time);
		return notTooLong(what, time);
	}

	static Duration notNegative(String what, Duration time) {
		Assert.isTrue(!time.isNegative(), () -> what + " must not be negative, but is " + time);
		return notTooLong(what, time);
	}

	private static Duration notTooLong(String what, Duration time) {
		Assert.isTrue(time.compareTo(LONGEST) <= 0, () -> what + " must be at most " + LONGEST + ", but is " + time);
		return time;
	}

}
