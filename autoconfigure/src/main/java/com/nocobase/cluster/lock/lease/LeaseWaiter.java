package com.nocobase.cluster.lock.lease;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import com.nocobase.cluster.lock.LockGrant;
import com.nocobase.cluster.lock.LockRequest;

/**
 * A thread that waits for a lock, and the last answer of the server to it. Its own thread
 * asks and sleeps; the driver's thread brings news.
 */
final class LeaseWaiter {

	private static final long NO_TOKEN = 0;

	private final LockRequest request;

	private final Thread thread = Thread.currentThread();

	private volatile long askedAt;

	private volatile long serverTime;

	private long busyUntil;

	/** Written before the token. */
	private volatile long grantedAt;

	private volatile long token = NO_TOKEN;

	private volatile boolean woken;

	LeaseWaiter(LockRequest request) {
		this.request = request;
	}

	/**
	 * The server was asked and is busy.
	 * @param askedAt monotonic time before it was asked
	 * @param rest what is left of the holder's time
	 * @param serverTime its own time, in microseconds
	 */
	void busy(long askedAt, Duration rest, long serverTime) {
		this.askedAt = askedAt;
		this.serverTime = serverTime;
		// A little later, as Redis counts whole milliseconds.
		this.busyUntil = System.nanoTime() + rest.plusMillis(1).toNanos();
	}

	/**
	 * The lock was handed over.
	 * @param token the fencing token
	 * @param serverTime the server's time of the grant, in microseconds
	 * @param now the monotonic time now
	 */
	void granted(long token, long serverTime, long now) {
		// Both times of the server are from one clock; should that have been set, the
		// grant is not younger than this news.
		long since = TimeUnit.MICROSECONDS.toNanos(serverTime - this.serverTime);
		long at = this.askedAt + Math.max(0, since);
		this.grantedAt = (at - now < 0) ? at : now;
		this.token = token;
		LockSupport.unpark(this.thread);
	}

	/** There is a reason to ask again. */
	void wake() {
		this.woken = true;
		LockSupport.unpark(this.thread);
	}

	/**
	 * Sleeps until there is news, or the holder's time is over.
	 * @param nanos how long at most
	 * @throws InterruptedException if the thread was interrupted
	 */
	void sleep(long nanos) throws InterruptedException {
		long now = System.nanoTime();
		long end = (this.busyUntil - now < nanos) ? this.busyUntil : now + nanos;
		long rest = end - now;
		while (this.token == NO_TOKEN && !this.woken && rest > 0) {
			if (Thread.interrupted()) {
				throw new InterruptedException();
			}
			LockSupport.parkNanos(this, rest);
			rest = end - System.nanoTime();
		}
		this.woken = false;
	}

	boolean isGranted() {
		return this.token != NO_TOKEN;
	}

	LockGrant grant() {
		return new LockGrant(this.request.key(), this.request.owner(), this.grantedAt, this.token);
	}

}
