package com.nocobase.cluster.lock;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

import org.jspecify.annotations.Nullable;
import org.springframework.util.Assert;

/**
 * A grant in this process.
 * <ol>
 * <li>It is held until its time is over by our own clock, until the adapter says that it
 * is lost, or until it is given back.</li>
 * <li>While a body or a transaction uses it, it is renewed, up to its longest hold.</li>
 * <li>When it is lost its users are told, and the adapter gets it back once the last of
 * them is through.</li>
 * </ol>
 */
class HeldLease implements Lease {

	private final LockGrant grant;

	private final LeaseTerms terms;

	private final LeaseKeeper keeper;

	private final LeaseTime time;

	private final LeaseState state = new LeaseState();

	private final AtomicBoolean returned = new AtomicBoolean();

	HeldLease(LockGrant grant, LeaseTerms terms, LeaseKeeper keeper) {
		this.grant = grant;
		this.terms = terms;
		this.keeper = keeper;
		this.time = new LeaseTime(grant, terms);
	}

	LockGrant grant() {
		return this.grant;
	}

	@Override
	public String key() {
		return this.grant.key();
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
		if (this.state.isHeld() && this.time.isOver(now)) {
			lose("its time is over");
		}
		return this.state.isHeld();
	}

	@Override
	public Duration remaining() {
		long now = this.keeper.now();
		return isHeldAt(now) ? this.time.rest(now) : Duration.ZERO;
	}

	@Override
	public void extend(Duration ttl) {
		Assert.isTrue(ttl.compareTo(Duration.ZERO) > 0, () -> "ttl must be positive, but is " + ttl);
		startMove();
		try {
			check();
			LockException failure = this.keeper.renew(List.of(new Renewal(this, ttl)));
			if (failure != null) {
				throw failure;
			}
			check();
		}
		finally {
			moved();
		}
	}

	private void startMove() {
		try {
			while (!this.time.startMove(remaining())) {
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
			throw this.state.isLost() ? lost()
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
					.formatted(key(), this.state.reason()),
				null);
	}

	@Override
	public void onLost(Runnable callback) {
		if (!this.state.add(callback) && this.state.isLost()) {
			this.keeper.tell(this, callback);
		}
	}

	@Override
	public void release() {
		if (isHeld() && this.state.giveBack()) {
			givenBack();
		}
	}

	private void givenBack() {
		this.keeper.forget(this);
		giveBack();
	}

	/** Binds it to a transaction, which alone can give it back. */
	void bind() {
		this.state.bind(true);
	}

	/** The transaction has ended. */
	void unbind() {
		this.state.bind(false);
		release();
		giveBackIfThrough();
	}

	/**
	 * A body begins on this thread.
	 * @return its thread, for {@link #end}
	 */
	BodyThread enter() {
		BodyThread body = new BodyThread();
		this.state.enter(body);
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
		if (this.state.leave(body)) {
			givenBack();
		}
		giveBackIfThrough();
		return this.state.isLost();
	}

	/**
	 * Ends the lease before it was given back, and tells whom it concerns.
	 * @param why the reason
	 */
	void lose(String why) {
		LeaseState.Loss loss = this.state.lose(why);
		if (loss != null) {
			this.keeper.lost(this, why);
			loss.bodies().forEach(BodyThread::interrupt);
			loss.callbacks().forEach((callback) -> this.keeper.tell(this, callback));
			this.keeper.later(this::giveBackIfThrough);
		}
	}

	/** Hands a lost grant back to the adapter, unless somebody still relies on it. */
	void giveBackIfThrough() {
		if (this.state.isLost() && !this.state.isUsed()) {
			giveBack();
		}
	}

	private void giveBack() {
		if (this.returned.compareAndSet(false, true)) {
			this.keeper.giveBack(this.grant, this.terms);
		}
	}

	/**
	 * Returns when to look at this lease again.
	 * @return a monotonic time
	 */
	long lookAt() {
		return this.time.lookAt(this.state.isUsed());
	}

	/**
	 * Returns what to ask the adapter for, if this lease has to be renewed by now.
	 * Whoever gets it calls {@link #moved()} in the end.
	 * @param now the monotonic time
	 * @return the renewal, or {@code null}
	 */
	@Nullable Renewal dueRenewal(long now) {
		Duration ttl = this.state.isUsed() ? this.time.startRenewal(now) : null;
		return (ttl != null) ? new Renewal(this, ttl) : null;
	}

	/**
	 * The adapter has renewed it.
	 * @param end the new end
	 */
	void renewed(long end) {
		if (isHeld()) {
			this.time.moveTo(end);
		}
	}

	/**
	 * The adapter could not tell.
	 * @param now the monotonic time
	 */
	void renewLater(long now) {
		this.time.renewLater(now);
	}

	/** The renewal is over, whatever came of it. */
	void moved() {
		this.time.endMove();
		if (this.state.isHeld()) {
			this.keeper.arm(this);
		}
	}

}
