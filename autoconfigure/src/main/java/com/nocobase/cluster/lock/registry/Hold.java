package com.nocobase.cluster.lock.registry;

import java.time.Duration;

import com.nocobase.cluster.lock.LockException;

/**
 * One lock that a registry has given us. Safe from any thread; one of {@link #free()} and
 * {@link #drop()} is called, once and last.
 */
interface Hold {

	/** Long enough for a server that answers, and short for one that does not. */
	Duration BRIEFLY = Duration.ofMillis(200);

	/**
	 * Lets the lock last longer.
	 * @param ttl how long, counted from now
	 * @return whether it is still there
	 * @throws LockException if it is not known
	 */
	boolean renew(Duration ttl);

	/**
	 * Gives the lock back. Nothing happens to a lock that is no longer there, or that
	 * another holder has.
	 * @throws LockException if it is not known whether it was given back
	 */
	void free();

	/**
	 * Lets the lock end by itself, though nobody holds it any more.
	 * @param ttl how long, counted from now
	 * @throws LockException if it is not known whether it does; it ends by itself then
	 */
	void keep(Duration ttl);

	/**
	 * Gives back a lock whose time is over, if it is still there. Waits no longer than
	 * {@link #BRIEFLY}; what could not be given back by then ends by itself.
	 */
	void drop();

}
