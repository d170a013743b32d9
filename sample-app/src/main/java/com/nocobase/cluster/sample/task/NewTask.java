package com.nocobase.cluster.sample.task;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import com.nocobase.cluster.sample.web.ProblemException;

/**
 * A task that is to be created. What is left out is 0, and 1 step.
 *
 * @param steps how many steps it has
 * @param stepMillis how long each takes
 * @param failures how many of its first attempts fail
 * @param maxRetries how many attempts may follow the first
 * @param delayMillis how long it waits before the first
 */
record NewTask(@Nullable Integer steps, long stepMillis, int failures, int maxRetries, long delayMillis) {

	private static final long LONGEST = Duration.ofDays(1).toMillis();

	NewTask {
		check("steps", (steps != null) ? steps : 1, Integer.MAX_VALUE);
		check("stepMillis", stepMillis, LONGEST);
		check("failures", failures, Integer.MAX_VALUE);
		check("maxRetries", maxRetries, Integer.MAX_VALUE);
		check("delayMillis", delayMillis, LONGEST);
	}

	int total() {
		return (this.steps != null) ? this.steps : 1;
	}

	Duration delay() {
		return Duration.ofMillis(this.delayMillis);
	}

	static void check(String name, long value, long most) {
		ProblemException.badRequestUnless(value >= 0 && value <= most,
				name + " must be from 0 to " + most + ", but is " + value);
	}

}
