package com.nocobase.cluster.lock.local;

/**
 * A thread that asks for a lock, and the answer to its last attempt. Only that thread
 * touches the answer.
 */
final class LocalWaiter {

	private final LocalSession session;

	private final String owner;

	private final boolean patient;

	private final Thread thread = Thread.currentThread();

	private long token;

	private long busyFor;

	LocalWaiter(LocalSession session, String owner, boolean patient) {
		this.session = session;
		this.owner = owner;
		this.patient = patient;
	}

	LocalSession session() {
		return this.session;
	}

	String owner() {
		return this.owner;
	}

	boolean isPatient() {
		return this.patient;
	}

	Thread thread() {
		return this.thread;
	}

	void granted(long token) {
		this.token = token;
	}

	void busy(long nanos) {
		this.busyFor = nanos;
	}

	/**
	 * Returns the token.
	 * @return zero if it was not granted
	 */
	long token() {
		return this.token;
	}

	/**
	 * Returns how long there is nothing to do, unless the thread is woken.
	 * @return nanoseconds
	 */
	long busyFor() {
		return this.busyFor;
	}

}
