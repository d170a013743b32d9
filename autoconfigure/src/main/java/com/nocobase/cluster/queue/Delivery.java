package com.nocobase.cluster.queue;

import java.time.Duration;
import java.util.concurrent.CompletionStage;

/**
 * One task that this instance has taken and owns until it settles it. A settling call
 * does not wait for the broker; of several the first one counts. Its result comes in a
 * bounded time, on any thread: {@code true} when the broker has it; {@code false} if the
 * ownership was lost meanwhile, and the call changed nothing; a {@link QueueException} if
 * the broker cannot be told, and the adapter lets the ownership run out. A disconnect
 * tells the broker first what it was not told yet.
 */
public interface Delivery {

	/**
	 * Returns the id of the task.
	 * @return the id
	 */
	String id();

	/**
	 * Returns what was published, byte for byte.
	 * @return the frame
	 */
	byte[] frame();

	/**
	 * Returns how many attempts have failed.
	 * @return the number, 0 at first
	 */
	int failures();

	/**
	 * Returns how often an instance died that owned the task.
	 * @return the number
	 */
	int deaths();

	/**
	 * Tells those who look the task up how far it is. May be dropped.
	 * @param done how much is done
	 * @param total how much there is
	 */
	void progress(long done, long total);

	/**
	 * The task is done.
	 * @return whether it was still owned
	 */
	CompletionStage<Boolean> complete();

	/**
	 * The task was cancelled.
	 * @return whether it was still owned
	 */
	CompletionStage<Boolean> cancel();

	/**
	 * An attempt has failed, and another one shall follow.
	 * @param delay how long to wait before
	 * @param error what went wrong
	 * @return whether it was still owned
	 */
	CompletionStage<Boolean> retry(Duration delay, String error);

	/**
	 * The task is given up.
	 * @param attempts how many attempts it had
	 * @param error what went wrong
	 * @return whether it was still owned
	 */
	CompletionStage<Boolean> deadLetter(int attempts, String error);

	/**
	 * The task goes back to where it came from, for others. That is no attempt.
	 * @param delay how long it is kept from everybody
	 * @return whether it was still owned
	 */
	CompletionStage<Boolean> giveBack(Duration delay);

}
