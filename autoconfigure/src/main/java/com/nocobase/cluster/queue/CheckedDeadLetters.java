package com.nocobase.cluster.queue;

import org.springframework.util.Assert;

/**
 * Checks arguments before an adapter sees them.
 *
 * @param letters those of the adapter
 */
record CheckedDeadLetters(DeadLetters letters) implements DeadLetters {

	@Override
	public int retry(int atMost) {
		check(atMost);
		return this.letters.retry(atMost);
	}

	@Override
	public int discard(int atMost) {
		check(atMost);
		return this.letters.discard(atMost);
	}

	private static void check(int atMost) {
		Assert.isTrue(atMost > 0, () -> "atMost must be positive, but is " + atMost);
	}

}
