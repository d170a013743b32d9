package com.nocobase.cluster.lock;

import java.time.Duration;

import org.jspecify.annotations.Nullable;
import org.springframework.util.Assert;

/**
 * How a lock is asked for and held. What is {@code null} comes from the configuration.
 *
 * @param ttl how long the lease lasts without renewal; default
 * {@code nocobase.cluster.lock.ttl}
 * @param maxWait how long to wait for it; default {@code nocobase.cluster.lock.max-wait},
 * and not at all for {@link LockManager#tryAcquire}; zero does not wait
 * @param maxHold how long the lease of a body is renewed; default
 * {@code nocobase.cluster.lock.max-hold}
 * @param atLeast how long the lock is kept even if it is given back sooner, for jobs that
 * run once per tick on many clocks
 */
public record LockOptions(@Nullable Duration ttl, @Nullable Duration maxWait, @Nullable Duration maxHold,
		Duration atLeast) {

	/** All from the configuration. */
	public static final LockOptions DEFAULTS = new LockOptions(null, null, null, Duration.ZERO);

	public LockOptions {
		Assert.isTrue(ttl == null || ttl.compareTo(Duration.ZERO) > 0, () -> "ttl must be positive, but is " + ttl);
		Assert.isTrue(maxWait == null || !maxWait.isNegative(),
				() -> "maxWait must not be negative, but is " + maxWait);
		Assert.isTrue(maxHold == null || maxHold.compareTo(Duration.ZERO) > 0,
				() -> "maxHold must be positive, but is " + maxHold);
		Assert.isTrue(!atLeast.isNegative(), () -> "atLeast must not be negative, but is " + atLeast);
	}

	/**
	 * Returns a copy with another ttl.
	 * @param ttl how long the lease lasts without renewal
	 * @return the copy
	 */
	public LockOptions withTtl(Duration ttl) {
		return new LockOptions(ttl, this.maxWait, this.maxHold, this.atLeast);
	}

	/**
	 * Returns a copy with another wait.
	 * @param maxWait how long to wait; zero does not wait
	 * @return the copy
	 */
	public LockOptions withMaxWait(Duration maxWait) {
		return new LockOptions(this.ttl, maxWait, this.maxHold, this.atLeast);
	}

	/**
	 * Returns a copy with another hold.
	 * @param maxHold how long the lease of a body is renewed
	 * @return the copy
	 */
	public LockOptions withMaxHold(Duration maxHold) {
		return new LockOptions(this.ttl, this.maxWait, maxHold, this.atLeast);
	}

	/**
	 * Returns a copy with a minimum hold.
	 * @param atLeast how long the lock is kept at least
	 * @return the copy
	 */
	public LockOptions withAtLeast(Duration atLeast) {
		return new LockOptions(this.ttl, this.maxWait, this.maxHold, atLeast);
	}

}
