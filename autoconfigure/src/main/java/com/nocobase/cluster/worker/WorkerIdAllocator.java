package com.nocobase.cluster.worker;

/**
 * Gives each instance a worker id that no other live one has. The contract of a custom
 * allocator, which is a bean named by {@code nocobase.cluster.worker-id.allocator}. Safe
 * from any thread.
 */
public interface WorkerIdAllocator {

	/**
	 * Takes a worker id and keeps it, renewed, until it is given back.
	 * @param workerIds how many there are: the id is from 0 to one less
	 * @return the lease
	 * @throws WorkerIdException if none is free
	 */
	WorkerIdLease allocate(int workerIds);

}
