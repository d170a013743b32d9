package com.nocobase.cluster.lock;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;

/**
 * Whether a lease is held, who uses it, and who is told of its loss. Being lost and being
 * given back are final. Safe from any thread; nothing of others is called under the lock.
 */
final class LeaseState {

	private enum State {

		HELD, GIVEN_BACK, LOST

	}

	/** Guards all fields; the volatile ones are read without it. */
	private final ReentrantLock lock = new ReentrantLock();

	private final List<BodyThread> bodies = new ArrayList<>(1);

	private final List<Runnable> callbacks = new ArrayList<>(0);

	private volatile State state = State.HELD;

	private volatile boolean used;

	private boolean bound;

	private @Nullable String reason;

	boolean isHeld() {
		return this.state == State.HELD;
	}

	boolean isLost() {
		return this.state == State.LOST;
	}

	/**
	 * Returns whether a body or a transaction relies on the lease.
	 * @return whether one does
	 */
	boolean isUsed() {
		return this.used;
	}

	String reason() {
		this.lock.lock();
		try {
			return (this.reason != null) ? this.reason : "it is still held";
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Adds a callback while the lease is held.
	 * @param callback told of the loss
	 * @return whether it was added
	 */
	boolean add(Runnable callback) {
		this.lock.lock();
		try {
			return isHeld() && this.callbacks.add(callback);
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * A body begins.
	 * @param body its thread, interrupted at once if the lease is lost already
	 */
	void enter(BodyThread body) {
		this.lock.lock();
		try {
			this.bodies.add(body);
			this.used = true;
			if (isLost()) {
				body.interrupt();
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * A body ends, and gives the lease back if it is held and no transaction has it.
	 * @param body its thread
	 * @return whether it was given back
	 */
	boolean leave(BodyThread body) {
		this.lock.lock();
		try {
			this.bodies.remove(body);
			this.used = this.bound || !this.bodies.isEmpty();
			return giveBack();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Binds the lease to a transaction or releases it from there.
	 * @param bound whether a transaction has it
	 */
	void bind(boolean bound) {
		this.lock.lock();
		try {
			this.bound = bound;
			this.used = bound || !this.bodies.isEmpty();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Gives a lease back that is held and that no transaction has.
	 * @return whether it was given back
	 */
	boolean giveBack() {
		this.lock.lock();
		try {
			if (this.bound || !isHeld()) {
				return false;
			}
			this.state = State.GIVEN_BACK;
			return true;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Ends a lease that is held.
	 * @param why the reason
	 * @return whom it concerns, or {@code null} if it was not held
	 */
	@Nullable Loss lose(String why) {
		this.lock.lock();
		try {
			if (!isHeld()) {
				return null;
			}
			this.reason = why;
			this.state = State.LOST;
			return new Loss(List.copyOf(this.bodies), List.copyOf(this.callbacks));
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Whom a loss concerns.
	 *
	 * @param bodies who is interrupted
	 * @param callbacks who is told
	 */
	record Loss(List<BodyThread> bodies, List<Runnable> callbacks) {

	}

}
