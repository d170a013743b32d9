package com.nocobase.cluster.queue;

import com.nocobase.cluster.message.Subscription;

/**
 * A subscription of the event queue.
 */
public interface QueueSubscription extends Subscription {

	/**
	 * Changes how many tasks run at once, from now on. Running ones go on.
	 * @param concurrency the number; zero or less for
	 * {@code nocobase.cluster.queue.max-concurrency}
	 */
	void concurrency(int concurrency);

	/**
	 * Returns how many tasks may run at once.
	 * @return a positive number
	 */
	int concurrency();

	/**
	 * Takes no more tasks and gives back what was not begun. Running handlers end; their
	 * tasks are acknowledged.
	 */
	@Override
	void close();

}
