package com.nocobase.cluster.queue.redis;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;

import com.nocobase.cluster.queue.DeadLetter;

/**
 * A dead letter as it is stored: {@code attempts;died;bytes of the error}, a line feed,
 * the error, and the task.
 *
 * @param attempts how many attempts it had
 * @param died when it was given up, in milliseconds of the server
 * @param error what went wrong last
 * @param task the task
 */
record StoredLetter(int attempts, long died, String error, StoredTask task) {

	static StoredLetter of(byte[] stored) {
		int end = 0;
		while (stored[end] != '\n') {
			end++;
		}
		String[] head = new String(stored, 0, end, StandardCharsets.US_ASCII).split(";");
		int start = end + 1 + Integer.parseInt(head[2]);
		return new StoredLetter(Integer.parseInt(head[0]), Long.parseLong(head[1]),
				new String(stored, end + 1, start - end - 1, StandardCharsets.UTF_8),
				StoredTask.of(Arrays.copyOfRange(stored, start, stored.length)));
	}

	DeadLetter letter(String id) {
		return new DeadLetter(id, this.attempts, this.error, this.task.publishedAt(), Instant.ofEpochMilli(this.died),
				this.task.frame());
	}

}
