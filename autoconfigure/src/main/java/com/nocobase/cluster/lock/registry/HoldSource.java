package com.nocobase.cluster.lock.registry;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import com.nocobase.cluster.lock.LockException;

/**
 * Takes locks. Called by one thread at a time for each key, and not while an earlier hold
 * of the key is neither freed nor dropped.
 */
interface HoldSource extends AutoCloseable {

	/**
	 * Asks once for a lock. An interrupted thread does not ask.
	 * @param key the key, as the application named it
	 * @param ttl how long it lasts
	 * @return the lock, or {@code null} if another holder has it
	 * @throws InterruptedException if the thread was interrupted
	 * @throws LockException if the server failed
	 */
	@Nullable Hold take(String key, Duration ttl) throws InterruptedException;

	/**
	 * Ends what it needs to hold locks.
	 */
	@Override
	void close();

}
