package com.nocobase.cluster.queue.memory;

import org.jspecify.annotations.Nullable;

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

}
