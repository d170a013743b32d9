package com.nocobase.cluster.lock.local;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;

/**
 * One key: who has it until when, and who waits, in order. Not safe by itself: the table
 * touches it within one atomic step per key.
 * <p>
 * The first waiter times its own sleep by the holder's end; whatever moves that end
 * forward, or makes another waiter the first, wakes it.
 */
final class LocalLock {

	private final Deque<LocalWaiter> waiters = new ArrayDeque<>(1);

	private @Nullable LocalSession holder;

	private @Nullable String owner;

	private long end;

	void ask(LocalWaiter waiter, long now, long ttl, LongSupplier tokens) {
		LocalWaiter first = this.waiters.peekFirst();
		if (isFree(now) && (first == null || first == waiter)) {
			this.waiters.pollFirst();
			this.holder = waiter.session();
			this.owner = waiter.owner();
			this.end = now + ttl;
			waiter.granted(tokens.getAsLong());
			wakeFirst();
			return;
		}
		if (waiter.isPatient() && !this.waiters.contains(waiter)) {
			this.waiters.addLast(waiter);
		}
		waiter.busy((this.waiters.peekFirst() == waiter) ? this.end - now : Long.MAX_VALUE);
	}

	void leave(LocalWaiter waiter) {
		if (this.waiters.remove(waiter)) {
			wakeFirst();
		}
	}

	void drop(LocalSession session) {
		if (this.waiters.removeIf((waiter) -> waiter.session() == session)) {
			wakeFirst();
		}
	}

	boolean renew(String owner, long now, long ttl) {
		if (isFree(now) || !owner.equals(this.owner) || this.holder == null || this.holder.isCrashed()) {
			return false;
		}
		boolean sooner = now + ttl - this.end < 0;
		this.end = now + ttl;
		if (sooner) {
			wakeFirst();
		}
		return true;
	}

	void release(String owner, long now, long keep) {
		if (renew(owner, now, keep)) {
			// Nobody has it any more, so a late renewal finds no owner.
			this.owner = null;
		}
	}

	boolean isUnused(long now) {
		return this.waiters.isEmpty() && isFree(now);
	}

	private boolean isFree(long now) {
		return this.holder == null || now - this.end >= 0;
	}

	private void wakeFirst() {
		LocalWaiter first = this.waiters.peekFirst();
		if (first != null) {
			LockSupport.unpark(first.thread());
		}
	}

}
