package com.nocobase.cluster.lock;

import java.time.Duration;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

/**
 * Locks that hold across all instances of the application.
 * <p>
 * A grant is a {@link Lease}: it ends when its time is over, so that a holder that
 * crashed keeps nobody out. It belongs to the lease object and not to a thread; locks are
 * not reentrant. Within a process waiters are served in the order in which they came.
 * <p>
 * Inside a Spring transaction a lease is bound to it: it is given back when the
 * transaction has ended, be it asked for before or not at all, it is renewed until then
 * but no longer than {@link LockOptions#maxHold()}, a lease that was lost before makes
 * the commit fail, and asking for the same key again inside that transaction gives the
 * same lease. An inner transaction of its own ({@code REQUIRES_NEW}) is another one: it
 * waits for a lock that the outer one has, and in vain. A transaction of a
 * {@code ReactiveTransactionManager} cannot be seen.
 * <p>
 * A lease is a promise with a time limit. A process that is paused for longer than that,
 * by its garbage collector or by its host, may go on in the middle of a body after the
 * next holder has come in, and learns of the loss only then. Where that must not happen,
 * let the store refuse it by the token of a {@link FencedLockManager}. Safe from any
 * thread.
 */
public interface LockManager {

	/**
	 * Waits for a lock, no longer than {@link LockOptions#maxWait()}.
	 * @param key the key, local to the application
	 * @param options ttl and wait
	 * @return the lease, not renewed by itself
	 * @throws IllegalArgumentException if the key is blank or too long
	 * @throws LockTimeoutException if it was not granted in time
	 * @throws LockException if the thread was interrupted, or the server failed
	 */
	Lease acquire(String key, LockOptions options);

	/**
	 * Asks for a lock, and waits only if {@link LockOptions#maxWait()} was set.
	 * @param key the key, local to the application
	 * @param options ttl and wait
	 * @return the lease, not renewed by itself, or empty if it was not granted
	 * @throws IllegalArgumentException if the key is blank or too long
	 * @throws LockException if the thread was interrupted, or the server failed
	 */
	Optional<Lease> tryAcquire(String key, LockOptions options);

	/**
	 * Runs a body under a lock. The lease is renewed while the body runs, but no longer
	 * than {@link LockOptions#maxHold()}. If it is lost the body's thread is interrupted.
	 * @param <T> the type of the result
	 * @param <X> what the body may throw
	 * @param key the key, local to the application
	 * @param options ttl, wait and hold
	 * @param body what to run
	 * @return the result of the body
	 * @throws X what the body threw
	 * @throws IllegalArgumentException if the key is blank or too long
	 * @throws LockTimeoutException if the lock was not granted in time
	 * @throws LeaseLostException if the lease was lost before the body had ended; what
	 * the body threw is suppressed in it
	 * @throws LockException if the thread was interrupted while waiting, or the server
	 * failed
	 */
	<T extends @Nullable Object, X extends Throwable> T runExclusive(String key, LockOptions options,
			LockedCall<T, X> body) throws X;

	/**
	 * Runs a body under a lock.
	 * @param <T> the type of the result
	 * @param <X> what the body may throw
	 * @param key the key, local to the application
	 * @param ttl how long the lock outlives a crash of this process
	 * @param body what to run
	 * @return the result of the body
	 * @throws X what the body threw
	 * @see #runExclusive(String, LockOptions, LockedCall)
	 */
	default <T extends @Nullable Object, X extends Throwable> T runExclusive(String key, Duration ttl,
			LockedCall<T, X> body) throws X {
		return runExclusive(key, LockOptions.DEFAULTS.withTtl(ttl), body);
	}

	/**
	 * Runs a body without a result under a lock.
	 * @param <X> what the body may throw
	 * @param key the key, local to the application
	 * @param options ttl, wait and hold
	 * @param body what to run
	 * @throws X what the body threw
	 * @see #runExclusive(String, LockOptions, LockedCall)
	 */
	default <X extends Throwable> void runExclusive(String key, LockOptions options, LockedRun<X> body) throws X {
		this.<@Nullable Void, X>runExclusive(key, options, () -> {
			body.run();
			return null;
		});
	}

	/**
	 * Runs a body without a result under a lock.
	 * @param <X> what the body may throw
	 * @param key the key, local to the application
	 * @param ttl how long the lock outlives a crash of this process
	 * @param body what to run
	 * @throws X what the body threw
	 * @see #runExclusive(String, LockOptions, LockedCall)
	 */
	default <X extends Throwable> void runExclusive(String key, Duration ttl, LockedRun<X> body) throws X {
		runExclusive(key, LockOptions.DEFAULTS.withTtl(ttl), body);
	}

}
