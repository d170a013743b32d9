package com.nocobase.cluster.queue;

import com.nocobase.cluster.message.Instance;

/**
 * The instance that an adapter serves.
 */
public interface QueueHost {

	/**
	 * Returns who it is.
	 * @return the instance
	 */
	Instance instance();

	/**
	 * Cancels a running task here, because another instance asks for it. Does not block.
	 * @param id id of the task
	 * @return whether it was running here
	 */
	boolean cancelHere(String id);

}
