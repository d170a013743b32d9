package com.nocobase.cluster.cache.redis;

import java.util.BitSet;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

import com.nocobase.cluster.redis.RedisNames;

/**
 * Tells requests apart for the server, which keeps the answer to the last one of each
 * slot. A request that comes again is known by its slot and number, and gets the first
 * answer; one that comes late, after the next one of its slot, changes nothing. There are
 * no more slots than requests at a time. Safe from any thread.
 */
final class RequestSlots {

	/** Nobody else's, not even of this instance before a restart. */
	private final String owner = Long.toString(UUID.randomUUID().getMostSignificantBits(), 36) + ":";

	private final ReentrantLock lock = new ReentrantLock();

	/** Guarded by the lock. */
	private final BitSet taken = new BitSet();

	/** Guarded by the lock. */
	private long last;

	/**
	 * Makes a request in a slot of its own.
	 * @param <R> the type of the answer
	 * @param call sends the request and waits for the answer
	 * @return the answer
	 */
	<R> R request(Function<Request, R> call) {
		int slot;
		long number;
		this.lock.lock();
		try {
			slot = this.taken.nextClearBit(0);
			this.taken.set(slot);
			number = ++this.last;
		}
		finally {
			this.lock.unlock();
		}
		try {
			return call.apply(new Request(RedisNames.bytes(this.owner + slot), RedisNames.bytes(number)));
		}
		finally {
			free(slot);
		}
	}

	private void free(int slot) {
		this.lock.lock();
		try {
			this.taken.clear(slot);
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * One request.
	 *
	 * @param slot its slot, with the owner
	 * @param number higher than those before in the slot
	 */
	@SuppressWarnings("ArrayRecordComponent") // never compared
	record Request(byte[] slot, byte[] number) {

	}

}
