package com.nocobase.cluster.lock.local;

/**
 * One instance as the table sees it. After a crash nothing that it does is accepted.
 */
final class LocalSession {

	private volatile boolean crashed;

	boolean isCrashed() {
		return this.crashed;
	}

	void crash() {
		this.crashed = true;
	}

}
