package com.nocobase.cluster.queue.memory;

import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import org.springframework.util.Assert;

/**
 * An undone task or a dead letter in a file.
 *
 * @param channel scoped name of its channel
 * @param id id of the task
 * @param frame what was published
 * @param priority from 0 to 9
 * @param publishedAt when it was published, in epoch milliseconds
 * @param delay how long it still had to wait when the file was written, in milliseconds
 * @param failures how many attempts have failed
 * @param deaths how many owners have died
 * @param error what went wrong last
 * @param diedAt of a dead letter: when it was given up, in epoch milliseconds
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record SavedTask(String channel, String id, byte[] frame, int priority, long publishedAt, long delay, int failures,
		int deaths, @Nullable String error, @Nullable Long diedAt) {

	private static final long LONGEST_DELAY = TimeUnit.NANOSECONDS.toMillis(Long.MAX_VALUE);

	SavedTask {
		// A damaged file leaves things out.
		Assert.hasText(channel, "channel must not be empty");
		Assert.hasText(id, "id must not be empty");
		Assert.notNull(frame, "frame must not be null");
		Assert.isTrue(delay >= 0 && delay <= LONGEST_DELAY, () -> "delay must fit into nanoseconds, but is " + delay);
		Assert.isTrue(failures >= 0 && deaths >= 0, "failures and deaths must not be negative");
	}

}
