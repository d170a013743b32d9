package com.nocobase.cluster.queue;

import java.time.Duration;

import org.springframework.util.Assert;

/**
 * Pauses between the attempts of a task: each is {@code multiplier} times the one before,
 * up to {@code max}, and varies at random by up to {@code jitter} of itself.
 *
 * @param initial pause before the second attempt
 * @param multiplier how it grows, at least 1
 * @param max the longest pause
 * @param jitter from 0 to 1
 */
public record Backoff(Duration initial, double multiplier, Duration max, double jitter) {

	/** 500 ms, doubled up to 5 minutes, give or take a fifth. */
	public static final Backoff DEFAULT = new Backoff(Duration.ofMillis(500), 2, Duration.ofMinutes(5), 0.2);

	public Backoff {
		Limits.notNegative("initial", initial);
		Limits.notNegative("max", max);
		Assert.isTrue(multiplier >= 1, () -> "multiplier must be at least 1, but is " + multiplier);
		Assert.isTrue(max.compareTo(initial) >= 0, () -> "max must be at least initial, but is " + max);
		Assert.isTrue(jitter >= 0 && jitter <= 1, () -> "jitter must be from 0 to 1, but is " + jitter);
	}

	/**
	 * Returns pauses that do not grow or vary.
	 * @param pause the pause
	 * @return the backoff
	 */
	public static Backoff fixed(Duration pause) {
		return new Backoff(pause, 1, pause, 0);
	}

	/**
	 * Returns the pause after an attempt that failed.
	 * @param attempt the attempt, from 1
	 * @param random from 0 (inclusive) to 1 (exclusive)
	 * @return the pause
	 */
	Duration after(int attempt, double random) {
		double grown = (double) this.initial.toMillis() * Math.pow(this.multiplier, attempt - 1.0);
		double pause = Math.min(grown, (double) this.max.toMillis());
		return Duration.ofMillis(Math.round(pause * (1 + this.jitter * (2 * random - 1))));
	}

}
