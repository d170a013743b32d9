package com.nocobase.cluster.lock;

import java.time.Duration;

/**
 * A lock that was granted for a time. It counts as lost by this process's monotonic
 * clock, counted from before it was asked for, and so before the server lets another
 * holder in. Safe from any thread; any thread may give it back.
 */
public interface Lease extends AutoCloseable {

	/**
	 * Returns the key, as the caller named it.
	 * @return the key
	 */
	String key();

	/**
	 * Lets the lease last this long, counted from now.
	 * @param ttl how long
	 * @throws IllegalArgumentException if it is not positive
	 * @throws LeaseLostException if the lease is lost
	 * @throws IllegalStateException if it was given back
	 * @throws LockException if the thread was interrupted, or the server failed; the
	 * lease then lasts as long as before
	 */
	void extend(Duration ttl);

	/**
	 * Returns how long the lease still lasts.
	 * @return the time, zero if it is lost or was given back
	 */
	Duration remaining();

	/**
	 * Returns whether the lease still lasts, without asking the server.
	 * @return whether it does
	 */
	boolean isHeld();

	/**
	 * Adds a callback for when the lease is lost. It is called once, on a thread of its
	 * own, at once if that is already so, and never after the lease was given back.
	 * @param callback told of the loss
	 */
	void onLost(Runnable callback);

	/**
	 * Gives the lock back. Doing so twice does nothing. If the lease is lost already, the
	 * next holder's lock is left alone. If the server fails that is logged, and the lock
	 * ends by itself. A lease that is bound to a transaction is given back by its end.
	 */
	void release();

	/**
	 * Same as {@link #release()}.
	 */
	@Override
	default void close() {
		release();
	}

}
