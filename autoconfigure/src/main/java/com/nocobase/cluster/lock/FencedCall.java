package com.nocobase.cluster.lock;

import org.jspecify.annotations.Nullable;

/**
 * Runs under a lock, knows its lease, and has a result.
 *
 * @param <T> the type of the result
 * @param <X> what it may throw
 */
@FunctionalInterface
public interface FencedCall<T extends @Nullable Object, X extends Throwable> {

	/**
	 * Does the work.
	 * @param lease the lease, with its token
	 * @return the result
	 * @throws X if it fails
	 */
	T call(FencedLease lease) throws X;

}
