package com.nocobase.cluster.lock;

/**
 * A lease with a fencing token, by which a store can refuse a holder that was paused and
 * does not know that its lease is over.
 */
public interface FencedLease extends Lease {

	/**
	 * Returns the token of this grant. It is higher than that of every earlier grant of
	 * the key, and never changes.
	 * @return the token
	 */
	long token();

}
