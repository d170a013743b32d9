package com.nocobase.cluster.queue.redis;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;

/**
 * A task as it is stored: {@code priority;published;failures;deaths;bytes of the error},
 * a line feed, the error, and the frame.
 *
 * @param published when it was published, in milliseconds of the server
 * @param failures how many attempts have failed
 * @param deaths how many workers died that had it
 * @param error what went wrong last
 * @param frame what was published
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record StoredTask(long published, int failures, int deaths, String error, byte[] frame) {

	private static final int PUBLISHED = 2;

	private static final String NO_ERROR = "";

	static StoredTask of(byte[] stored) {
		int[] position = { PUBLISHED };
		long published = number(stored, position);
		int failures = (int) number(stored, position);
		int deaths = (int) number(stored, position);
		int length = (int) number(stored, position);
		int start = position[0];
		String error = (length > 0) ? new String(stored, start, length, StandardCharsets.UTF_8) : NO_ERROR;
		return new StoredTask(published, failures, deaths, error,
				Arrays.copyOfRange(stored, start + length, stored.length));
	}

	private static long number(byte[] stored, int[] position) {
		long number = 0;
		int at = position[0];
		while (stored[at] >= '0' && stored[at] <= '9') {
			number = 10 * number + (stored[at++] - '0');
		}
		position[0] = at + 1;
		return number;
	}

	Instant publishedAt() {
		return Instant.ofEpochMilli(this.published);
	}

}
