package com.nocobase.cluster.queue;

/**
 * Tasks of one channel that were given up, oldest first.
 */
public interface DeadLetters {

	/**
	 * Puts dead letters back into the channel, with all their retries.
	 * @param atMost how many
	 * @return how many were put back
	 * @throws IllegalArgumentException if the number is not positive
	 */
	int retry(int atMost);

	/**
	 * Drops dead letters for good.
	 * @param atMost how many
	 * @return how many were dropped
	 * @throws IllegalArgumentException if the number is not positive
	 */
	int discard(int atMost);

}
