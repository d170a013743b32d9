package com.nocobase.cluster.queue.redis;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;

/**
 * A task as it is stored: {@code priority;published}, a line feed, and the frame.
 *
 * @param published when it was published, in milliseconds of the server
 * @param frame what was published
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record StoredTask(long published, byte[] frame) {

	static StoredTask of(byte[] stored) {
		int end = 0;
		while (stored[end] != '\n') {
			end++;
		}
		long published = Long.parseLong(new String(stored, 2, end - 2, StandardCharsets.US_ASCII));
		return new StoredTask(published, Arrays.copyOfRange(stored, end + 1, stored.length));
	}

	Instant publishedAt() {
		return Instant.ofEpochMilli(this.published);
	}

}
