package com.nocobase.cluster.lock.registry;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.LockSupport;

import org.jspecify.annotations.Nullable;

/**
 * One key in this process: what we hold, and who asks for it, in order. Not safe by
 * itself: {@link KeyGates} touches it within one atomic step per key.
 */
final class KeyGate {

	private final Deque<KeyWaiter> waiters = new ArrayDeque<>(1);

	private @Nullable HeldKey held;

	/**
	 * A thread asks, and joins the end of the line if it has not yet.
	 * @param waiter the thread
	 * @param now the monotonic time
	 * @return how long there is nothing to do, in nanoseconds; not positive if it may ask
	 * the registry
	 */
	long ask(KeyWaiter waiter, long now) {
		KeyWaiter first = this.waiters.peekFirst();
		long busyFor = (this.held != null) ? this.held.rest(now) : 0;
		if (first == waiter) {
			return busyFor;
		}
		boolean turn = first == null && busyFor <= 0;
		if ((turn || waiter.patient()) && !this.waiters.contains(waiter)) {
			this.waiters.addLast(waiter);
		}
		return (turn || first == null) ? busyFor : Long.MAX_VALUE;
	}

	@Nullable HeldKey held() {
		return this.held;
	}

	void granted(KeyWaiter waiter, HeldKey held) {
		this.waiters.remove(waiter);
		this.held = held;
	}

	void leave(KeyWaiter waiter) {
		boolean first = this.waiters.peekFirst() == waiter;
		if (this.waiters.remove(waiter) && first) {
			wakeFirst();
		}
	}

	void freed(HeldKey held) {
		if (this.held == held) {
			this.held = null;
			wakeFirst();
		}
	}

	boolean isUnused() {
		return this.held == null && this.waiters.isEmpty();
	}

	private void wakeFirst() {
		KeyWaiter first = this.waiters.peekFirst();
		if (first != null) {
			LockSupport.unpark(first.thread());
		}
	}

}
