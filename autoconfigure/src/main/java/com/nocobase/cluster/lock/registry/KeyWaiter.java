package com.nocobase.cluster.lock.registry;

/**
 * A thread that asks for a key.
 *
 * @param thread the thread
 * @param patient whether it waits if it is not its turn
 */
record KeyWaiter(Thread thread, boolean patient) {

	static KeyWaiter of(boolean patient) {
		return new KeyWaiter(Thread.currentThread(), patient);
	}

	@Override
	public boolean equals(Object other) {
		return this == other;
	}

	@Override
	public int hashCode() {
		return System.identityHashCode(this);
	}

}
