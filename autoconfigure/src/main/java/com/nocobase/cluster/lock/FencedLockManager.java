package com.nocobase.cluster.lock;

import java.util.Optional;

import org.jspecify.annotations.Nullable;

/**
 * Ability of a lock adapter: each grant has a fencing token. A bean only where the
 * adapter has it.
 */
public interface FencedLockManager extends LockManager {

	@Override
	FencedLease acquire(String key, LockOptions options);

	/**
	 * Asks for a lock, and waits only if {@link LockOptions#maxWait()} was set.
	 * @param key the key, local to the application
	 * @param options ttl and wait
	 * @return the lease, not renewed by itself, or empty if it was not granted
	 * @see #tryAcquire
	 */
	Optional<FencedLease> tryAcquireFenced(String key, LockOptions options);

	/**
	 * Runs a body under a lock and hands it the lease.
	 * @param <T> the type of the result
	 * @param <X> what the body may throw
	 * @param key the key, local to the application
	 * @param options ttl, wait and hold
	 * @param body what to run
	 * @return the result of the body
	 * @throws X what the body threw
	 * @see #runExclusive
	 */
	<T extends @Nullable Object, X extends Throwable> T runFenced(String key, LockOptions options,
			FencedCall<T, X> body) throws X;

}
