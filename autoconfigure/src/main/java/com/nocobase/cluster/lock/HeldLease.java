package com.nocobase.cluster.lock;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;
import org.springframework.util.Assert;

/**
 * A grant in this process.
 * <ol>
 * <li>It is held until its time is over by our own clock, until the adapter says that it
 * is lost, or until it is given back; each is final.</li>
 * <li>While a body or a transaction uses it, it is renewed, up to its longest hold.</li>
 * <li>When it is lost its users are told, and the adapter gets it back once the last of
 * them is through.</li>
 * </ol>
 */
class HeldLease implements Lease {

	private enum State {

		HELD, GIVEN_BACK, LOST

	}

	private final LockGrant grant;

	private final LeaseTerms terms;

	private final LeaseKeeper keeper;

	/** Held by whoever is about to move the end: the renewal or a caller. */
	private final Semaphore moving = new Semaphore(1);

	/** Guards all fields below; the volatile ones are read without it. */
	private final ReentrantLock lock = new ReentrantLock();

	private final List<BodyThread> bodies = new ArrayList<>(1);

	private final List<Runnable> callbacks = new ArrayList<>(0);

	private volatile State state = State.HELD;

	private volatile long end;

	private volatile long renewAt;

	/** Bodies and transactions that rely on it. */
	private final AtomicInteger users = new AtomicInteger();

	private boolean bound;

	private boolean returned;

	private volatile @Nullable String reason;

	HeldLease(LockGrant grant, LeaseTerms terms, LeaseKeeper keeper) {
		this.grant = grant;
		this.terms = terms;
		this.keeper = keeper;
		this.end = grant.askedAt() + terms.ttl();
		this.renewAt = terms.renewAt(this.end);
	}

	@Override
	public String key() {
		return this.grant.key();
	}

	long grantedToken() {
		return this.grant.token();
	}

	@Override
	public boolean isHeld() {
		return isHeldAt(this.keeper.now());
	}

	/**
	 * Returns whether it is held. A lease whose time is over is lost from here on.
	 * @param now the monotonic time
	 * @return whether it is
	 */
	boolean isHeldAt(long now) {
		if (this.state == State.HELD && now - this.end >= 0) {
			lose("its time is over");
		}
		return this.state == State.HELD;
	}

	@Override
	public Duration remaining() {
		long now = this.keeper.now();
		return isHeldAt(now) ? Duration.ofNanos(Math.max(0, this.end - now)) : Duration.ZERO;
	}

	@Override
	public void extend(Duration ttl) {
		Assert.isTrue(ttl.compareTo(Duration.ZERO) > 0, () -> "ttl must be positive, but is " + ttl);
		startMoving();
		try {
			check();
			this.keeper.renew(List.of(new Renewal(this, ttl)));
			check();
		}
		finally {
			moved();
		}
	}

	private void startMoving() {
		try {
			while (!this.moving.tryAcquire(remaining().toNanos(), TimeUnit.NANOSECONDS)) {
				check();
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new LockException("Interrupted while the lease of lock '%s' was being extended".formatted(key()), ex);
		}
	}

	/** Throws unless it is held. */
	void check() {
		if (!isHeld()) {
			throw (this.state == State.LOST) ? lost()
					: new IllegalStateException("The lease of lock '%s' was given back".formatted(key()));
		}
	}

	/**
	 * Returns what to tell those who relied on a lease that is lost.
	 * @return the exception
	 */
	LeaseLostException lost() {
		return new LeaseLostException(
				"The lease of lock '%s' is lost: %s. Another holder may be in; undo what was done under it"
					.formatted(key(), this.reason),
				null);
	}

	@Override
	public void onLost(Runnable callback) {
		this.lock.lock();
		try {
			if (this.state == State.HELD) {
				this.callbacks.add(callback);
				return;
			}
		}
		finally {
			this.lock.unlock();
		}
		if (this.state == State.LOST) {
			this.keeper.tell(this, callback);
		}
	}

	@Override
	public void release() {
		if (isHeld() && markGivenBack()) {
			this.keeper.forget(this);
			giveBack();
		}
	}

	private boolean markGivenBack() {
		this.lock.lock();
		try {
			if (this.bound || this.state != State.HELD) {
				return false;
			}
			this.state = State.GIVEN_BACK;
			return true;
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Binds it to a transaction, which alone can give it back. */
	void bind() {
		this.lock.lock();
		try {
			this.bound = true;
			this.users.incrementAndGet();
		}
		finally {
			this.lock.unlock();
		}
	}

	/** The transaction has ended. */
	void unbind() {
		this.lock.lock();
		try {
			this.bound = false;
		}
		finally {
			this.lock.unlock();
		}
		release();
		leave(null);
	}

	/**
	 * A body begins on this thread.
	 * @return its thread, for {@link #end}
	 */
	BodyThread enter() {
		BodyThread body = new BodyThread();
		this.lock.lock();
		try {
			this.bodies.add(body);
			this.users.incrementAndGet();
		}
		finally {
			this.lock.unlock();
		}
		this.keeper.arm(this);
		return body;
	}

	/**
	 * A body has ended.
	 * @param body its thread
	 * @return whether the lease was lost before
	 */
	boolean end(BodyThread body) {
		body.end();
		isHeld();
		boolean lost = this.state == State.LOST;
		release();
		leave(body);
		return lost;
	}

	private void leave(@Nullable BodyThread body) {
		boolean through;
		this.lock.lock();
		try {
			this.bodies.remove(body);
			through = this.users.decrementAndGet() == 0 && this.state == State.LOST;
		}
		finally {
			this.lock.unlock();
		}
		if (through) {
			giveBack();
		}
	}

	/**
	 * Ends the lease before it was given back, and tells whom it concerns.
	 * @param why the reason
	 */
	void lose(String why) {
		List<BodyThread> interrupted;
		List<Runnable> told;
		boolean unused;
		this.lock.lock();
		try {
			if (this.state != State.HELD) {
				return;
			}
			this.reason = why;
			this.state = State.LOST;
			interrupted = List.copyOf(this.bodies);
			told = List.copyOf(this.callbacks);
			unused = this.users.get() == 0;
		}
		finally {
			this.lock.unlock();
		}
		interrupted.forEach(BodyThread::interrupt);
		this.keeper.lost(this, why);
		told.forEach((callback) -> this.keeper.tell(this, callback));
		if (unused) {
			this.keeper.later(this::giveBack);
		}
	}

	/** Hands the grant back to the adapter, once. */
	void giveBack() {
		this.lock.lock();
		try {
			if (this.returned) {
				return;
			}
			this.returned = true;
		}
		finally {
			this.lock.unlock();
		}
		this.keeper.giveBack(this.grant, this.terms.keep(this.grant, this.keeper.now()));
	}

	/**
	 * Returns when this lease has to be looked at again.
	 * @return its end, or when it has to be renewed
	 */
	long lookAt() {
		boolean renews = isRenewed() && this.moving.availablePermits() > 0;
		return (renews && this.renewAt - this.end < 0) ? this.renewAt : this.end;
	}

	private boolean isRenewed() {
		return this.users.get() > 0 && this.end - this.terms.holdEnd(this.grant) < 0;
	}

	/**
	 * Returns what to ask the adapter for, if this lease has to be renewed by now.
	 * Whoever gets it calls {@link #moved()} in the end.
	 * @param now the monotonic time
	 * @return the renewal, or {@code null}
	 */
	@Nullable Renewal dueRenewal(long now) {
		if (!isRenewed() || now - this.renewAt < 0 || !this.moving.tryAcquire()) {
			return null;
		}
		return new Renewal(this, Duration.ofNanos(Math.min(this.terms.ttl(), this.terms.holdEnd(this.grant) - now)));
	}

	void moved() {
		this.moving.release();
		this.keeper.arm(this);
	}

	/**
	 * The adapter has renewed it.
	 * @param end the new end
	 */
	void renewed(long end) {
		if (isHeld()) {
			this.renewAt = this.terms.renewAt(end);
			this.end = end;
		}
	}

	/**
	 * The adapter could not tell.
	 * @param now the monotonic time
	 */
	void renewLater(long now) {
		this.renewAt = now + this.terms.pause();
	}

	/**
	 * One renewal on its way.
	 *
	 * @param lease what is renewed
	 * @param ttl for how long
	 */
	record Renewal(HeldLease lease, Duration ttl) {

		LockRenewal request() {
			return new LockRenewal(this.lease.grant, this.ttl);
		}

	}

}
