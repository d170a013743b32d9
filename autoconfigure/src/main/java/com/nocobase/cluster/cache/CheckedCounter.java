package com.nocobase.cluster.cache;

import java.time.Duration;

/**
 * A store's counters behind the checks that all stores share.
 */
final class CheckedCounter implements Counter {

	private final Counter counter;

	private final String store;

	private final CacheContext context;

	CheckedCounter(Counter counter, String store, CacheContext context) {
		this.counter = counter;
		this.store = store;
		this.context = context;
	}

	String store() {
		return this.store;
	}

	@Override
	public long get(String key) {
		check(key);
		return this.counter.get(key);
	}

	@Override
	public long incr(String key) {
		check(key);
		return this.counter.incr(key);
	}

	@Override
	public long incrBy(String key, long amount, Duration ttl) {
		check(key);
		CacheArguments.ttl(ttl);
		return this.counter.incrBy(key, amount, ttl);
	}

	@Override
	public void reset(String key) {
		check(key);
		this.counter.reset(key);
	}

	private void check(String key) {
		CacheArguments.key(key);
		this.context.checkOpen();
	}

}
