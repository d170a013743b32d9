package com.nocobase.cluster.lock;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

/**
 * When a lease ends, and when it has to be renewed. The end is moved by one at a time, be
 * it the renewal or a caller, so that the last word of the adapter is also ours. Safe
 * from any thread.
 */
final class LeaseTime {

	private final LeaseTerms terms;

	private final long holdEnd;

	private final Semaphore moving = new Semaphore(1);

	private volatile long end;

	private volatile long renewAt;

	LeaseTime(LockGrant grant, LeaseTerms terms) {
		this.terms = terms;
		this.holdEnd = terms.holdEnd(grant);
		this.end = grant.askedAt() + terms.ttl();
		this.renewAt = terms.renewAt(this.end);
	}

	boolean isOver(long now) {
		return now - this.end >= 0;
	}

	Duration rest(long now) {
		return Duration.ofNanos(Math.max(0, this.end - now));
	}

	/**
	 * Returns when to look at the lease again.
	 * @param used whether it is renewed at all
	 * @return its end, or when it has to be renewed
	 */
	long lookAt(boolean used) {
		boolean renews = used && isRenewable() && this.moving.availablePermits() > 0;
		return (renews && this.renewAt - this.end < 0) ? this.renewAt : this.end;
	}

	private boolean isRenewable() {
		return this.end - this.holdEnd < 0;
	}

	/**
	 * Begins to move the end if it has to be moved by now, or so soon that it is taken
	 * along: leases that were once renewed together stay together.
	 * @param now the monotonic time
	 * @return how long the lease is to last from now, or {@code null}
	 */
	@Nullable Duration startRenewal(long now) {
		if (!isRenewable() || now + this.terms.slack() - this.renewAt < 0 || !this.moving.tryAcquire()) {
			return null;
		}
		return Duration.ofNanos(Math.min(this.terms.ttl(), this.holdEnd - now));
	}

	/**
	 * Begins to move the end.
	 * @param limit how long to wait for another one that does
	 * @return whether it is the caller's turn
	 * @throws InterruptedException if the thread was interrupted while it waited
	 */
	boolean startMove(Duration limit) throws InterruptedException {
		return this.moving.tryAcquire(limit.toNanos(), TimeUnit.NANOSECONDS);
	}

	/** Lets the next one move the end. */
	void endMove() {
		this.moving.release();
	}

	void moveTo(long end) {
		this.renewAt = this.terms.renewAt(end);
		this.end = end;
	}

	void renewLater(long now) {
		this.renewAt = now + this.terms.pause();
	}

}
