package com.nocobase.cluster.lock;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Where locks are kept. The contract of a custom adapter, which is a bean named by
 * {@code nocobase.cluster.lock.adapter}.
 * <p>
 * An adapter grants a key to one owner at a time, until the ttl of the grant has passed.
 * Waiters of one instance are served in the order in which they came. What leases,
 * bodies, renewal and transactions need is done by the caller. Keys arrive as the
 * application named them, and the adapter scopes them by the application's name. A
 * failing server is a {@link LockException}. Safe from any thread.
 */
public interface LockAdapter {

	/**
	 * Asks for a lock, and waits for it no longer than asked. Who gives up leaves nothing
	 * behind.
	 * @param request what is asked for
	 * @return the grant, or empty if it was not granted in time
	 * @throws InterruptedException if the thread was interrupted while it waited
	 * @throws LockException if the server failed
	 */
	Optional<LockGrant> acquire(LockRequest request) throws InterruptedException;

	/**
	 * Lets grants last longer, counted from now. A grant that has ended, or that was
	 * given back, is not brought to life again.
	 * @param renewals the grants, each with its time
	 * @return those that are lost, and those of which it is not known, which are tried
	 * again
	 * @throws LockException if the server failed and nothing is known of any of them
	 */
	LockRenewalResult renew(List<LockRenewal> renewals);

	/**
	 * Gives a lock back. Called once for every grant, be it held or lost; never touches
	 * the grant of another owner.
	 * @param grant the grant
	 * @param keep how long the lock stays taken all the same; zero frees it now
	 * @throws LockException if the server failed; the grant then ends by itself
	 */
	void release(LockGrant grant, Duration keep);

}
