package com.nocobase.cluster.queue;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * What is known of a task.
 *
 * @param id id of the task
 * @param channel its channel, as the publisher named it
 * @param shared whether the channel is one that applications share
 * @param state where it is
 * @param attempt how many attempts were begun; none while it waits for the first one
 * @param done how much of it is done, as its handler told last
 * @param total how much there is to do, as its handler told last; 0 if it did not
 * @param publishedAt when it was published, by the broker's clock
 * @param error what went wrong last, or {@code null}
 */
public record TaskInfo(String id, String channel, boolean shared, TaskState state, int attempt, long done, long total,
		Instant publishedAt, @Nullable String error) {

}
