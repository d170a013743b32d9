package com.nocobase.cluster.memory;

import com.nocobase.cluster.message.Instance;

/**
 * What one in-process adapter keeps in the {@link MemoryBroker}: the state that all
 * connected contexts share. Safe from any thread.
 */
public interface MemoryPart {

	/**
	 * Forgets an instance as if its process had been killed: what it held without saying
	 * goodbye is free for others, and nothing more reaches it.
	 * @param instance the instance
	 */
	void crashed(Instance instance);

}
