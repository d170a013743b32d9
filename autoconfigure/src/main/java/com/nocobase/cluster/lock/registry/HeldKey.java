package com.nocobase.cluster.lock.registry;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A lock of this process, and until when it has it by our own clock.
 */
final class HeldKey {

	private final String key;

	private final Hold hold;

	private final AtomicBoolean ended = new AtomicBoolean();

	private volatile long end;

	HeldKey(String key, Hold hold, long end) {
		this.key = key;
		this.hold = hold;
		this.end = end;
	}

	String key() {
		return this.key;
	}

	Hold hold() {
		return this.hold;
	}

	/**
	 * Returns how long it lasts.
	 * @param now the monotonic time
	 * @return nanoseconds, not positive if its time is over
	 */
	long rest(long now) {
		return this.ended.get() ? 0 : this.end - now;
	}

	void moveTo(long end) {
		this.end = end;
	}

	/**
	 * Ends it.
	 * @return whether the caller is the one who has to free or drop the hold
	 */
	boolean end() {
		return this.ended.compareAndSet(false, true);
	}

}
