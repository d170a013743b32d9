package com.nocobase.cluster.lock;

import org.jspecify.annotations.Nullable;

/**
 * Runs under a lock and has a result.
 *
 * @param <T> the type of the result
 * @param <X> what it may throw
 */
@FunctionalInterface
public interface LockedCall<T extends @Nullable Object, X extends Throwable> {

	/**
	 * Does the work.
	 * @return the result
	 * @throws X if it fails
	 */
	T call() throws X;

}
