package com.nocobase.cluster.cache.redis;

import java.time.Duration;

/**
 * How long what is old may be served, as the README states it, in nanoseconds.
 *
 * @param copies how long another instance serves a copy after the change is in Redis
 * @param madeUp how long an instance takes, once its store is reachable again, to make up
 * for what was not confirmed
 * @param stored how long Redis keeps what was loaded before a change and stored after it
 */
record CacheBounds(long copies, long madeUp, long stored) {

	/** Nothing that was loaded before a change is stored after it. */
	static CacheBounds near(Duration maxSilence, Duration madeUp) {
		return new CacheBounds(maxSilence.toNanos(), madeUp.toNanos(), 0);
	}

	/** There are no copies. */
	static CacheBounds redis(Duration ttl, Duration madeUp) {
		return new CacheBounds(0, madeUp.toNanos(), ttl.toNanos());
	}

}
