package com.nocobase.cluster.cache.memory;

import java.time.Duration;

import com.github.benmanes.caffeine.cache.Cache;

import com.nocobase.cluster.cache.CacheException;
import com.nocobase.cluster.cache.Counter;

/**
 * Counters that are never dropped to make room, as one that starts anew would let through
 * what it limits. Those whose window is over are removed when others are counted.
 */
final class MemoryCounter implements Counter {

	private final Cache<String, Count> counts;

	MemoryCounter(Cache<String, Count> counts) {
		this.counts = counts;
	}

	@Override
	public long get(String key) {
		Count count = this.counts.getIfPresent(key);
		return (count != null) ? count.value() : 0;
	}

	@Override
	public long incr(String key) {
		return add(key, 1, MemoryExpiry.NEVER);
	}

	@Override
	public long incrBy(String key, long amount, Duration ttl) {
		return add(key, amount, MemoryExpiry.nanos(ttl));
	}

	private long add(String key, long amount, long window) {
		try {
			return this.counts.asMap()
				.merge(key, new Count(amount, window), (before, added) -> before.plus(added.value()))
				.value();
		}
		catch (ArithmeticException ex) {
			throw new CacheException("Counter '%s' would overflow".formatted(key), ex);
		}
	}

	@Override
	public void reset(String key) {
		this.counts.invalidate(key);
	}

	/**
	 * A count.
	 *
	 * @param value how many
	 * @param window nanoseconds from its first hit
	 */
	record Count(long value, long window) {

		Count plus(long amount) {
			return new Count(Math.addExact(this.value, amount), this.window);
		}

	}

}
