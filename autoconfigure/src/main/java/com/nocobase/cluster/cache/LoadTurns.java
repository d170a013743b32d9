package com.nocobase.cluster.cache;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * Lets one instance at a time load a key of one cache. Safe from any thread.
 */
public interface LoadTurns {

	/** For entries that no other instance has: whoever asks may load at once. */
	LoadTurns FREE = (key, ttl) -> () -> {
	};

	/**
	 * Asks for the turn at loading a key. While another one has it, waits until that is
	 * given back, its time is over, or a while has passed.
	 * @param key the key
	 * @param ttl how long others wait for the turn to be given back
	 * @return the turn, to be given back: the key may be there by now, and if it is not,
	 * is loaded; {@code null} if another one may still have it: the key may be there all
	 * the same, and if it is not, the turn is to be asked for again
	 * @throws InterruptedException if the thread is interrupted while it waits
	 */
	@Nullable Turn take(String key, Duration ttl) throws InterruptedException;

	/**
	 * The right to load a key.
	 */
	interface Turn extends AutoCloseable {

		/**
		 * Gives the turn back, and wakes those who wait for it. Never throws: where it
		 * does not reach the others, they wait until its time is over.
		 */
		@Override
		void close();

	}

}
