package com.nocobase.cluster.lock;

import java.util.concurrent.locks.ReentrantLock;

/**
 * The thread that runs a body. It is interrupted while the body runs and never after, and
 * our own interrupt never outlives the body.
 */
final class BodyThread {

	private final Thread thread = Thread.currentThread();

	/** Guards the flags, so that no interrupt comes after the end. */
	private final ReentrantLock lock = new ReentrantLock();

	private boolean ended;

	private boolean interrupted;

	void interrupt() {
		this.lock.lock();
		try {
			// A thread that somebody else has interrupted keeps that interrupt.
			if (!this.ended && !this.thread.isInterrupted()) {
				this.interrupted = true;
				this.thread.interrupt();
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	@SuppressWarnings("ResultOfMethodCallIgnored")
	void end() {
		this.lock.lock();
		try {
			this.ended = true;
			if (this.interrupted) {
				Thread.interrupted();
			}
		}
		finally {
			this.lock.unlock();
		}
	}

}
