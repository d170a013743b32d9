package com.nocobase.cluster.queue;

/**
 * What one instance takes from one channel, no more than it has asked for. A lost
 * connection is the adapter's business: no method throws, and requests hold when it is
 * back. Safe from any thread; no method waits for the broker longer than one round trip.
 */
public interface QueueConsumer {

	/**
	 * Asks for more tasks. They are handed to the sink as they come, each exactly once.
	 * @param tasks how many more
	 */
	void request(int tasks);

	/**
	 * Takes requests back. What was prefetched for them is given back.
	 * @param tasks how many at most
	 * @return how many of them were not yet handed over, and will not be
	 */
	int withdraw(int tasks);

	/**
	 * Tells that another number of tasks runs at once from now on. Changes no request.
	 * @param tasks how many
	 */
	void concurrency(int tasks);

	/**
	 * Takes nothing more and gives back what was not handed over. Tasks that were stay
	 * owned until they are settled. Closing twice does nothing.
	 */
	void close();

}
