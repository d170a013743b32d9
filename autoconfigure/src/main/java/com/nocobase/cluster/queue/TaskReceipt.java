package com.nocobase.cluster.queue;

import java.util.concurrent.CompletableFuture;

import com.nocobase.cluster.message.SendReceipt;

/**
 * What became of a published task.
 */
public interface TaskReceipt extends SendReceipt {

	/**
	 * Returns the id of the task, known at once.
	 * @return the id
	 */
	String id();

	/**
	 * Returns when the broker has the task.
	 * @return completed with the id when it has; exceptionally if it will not, with a
	 * {@link QueueException}
	 */
	CompletableFuture<String> confirmed();

}
