package com.nocobase.cluster.queue;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * A task that was given up.
 *
 * @param id id of the task
 * @param attempts how many attempts it had; none if it could not be read
 * @param error what went wrong last
 * @param publishedAt when it was published
 * @param diedAt when it was given up
 * @param frame what was published, byte for byte
 */
@SuppressWarnings("ArrayRecordComponent") // equality is by id
public record DeadLetter(String id, int attempts, String error, Instant publishedAt, Instant diedAt, byte[] frame) {

	@Override
	public boolean equals(@Nullable Object other) {
		return other instanceof DeadLetter that && this.id.equals(that.id);
	}

	@Override
	public int hashCode() {
		return this.id.hashCode();
	}

	@Override
	public String toString() {
		return "dead letter " + this.id + " after " + this.attempts + " attempts: " + this.error;
	}

}
