package com.nocobase.cluster.queue;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * A task on its way to the broker.
 *
 * @param channel name of the channel, scoped by the application or shared; not yet
 * escaped for the broker
 * @param id id of the task, the same over all of its attempts
 * @param frame what the consumer gets, byte for byte
 * @param delay how long the task waits before its first attempt
 * @param priority from 0 to 9, where the adapter has {@link Priority}
 * @param dedupWindow where the adapter has {@link Dedup}: a task with the same id is
 * dropped as long as this one is not over, and at least so long; {@code null} for a task
 * whose id is used once
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record TaskMessage(String channel, String id, byte[] frame, Duration delay, int priority,
		@Nullable Duration dedupWindow) {

	@Override
	public String toString() {
		return "task " + this.id + " of " + this.channel;
	}

}
