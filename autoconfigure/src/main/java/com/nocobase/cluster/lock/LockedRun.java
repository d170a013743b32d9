package com.nocobase.cluster.lock;

/**
 * Runs under a lock.
 *
 * @param <X> what it may throw
 */
@FunctionalInterface
public interface LockedRun<X extends Throwable> {

	/**
	 * Does the work.
	 * @throws X if it fails
	 */
	void run() throws X;

}
