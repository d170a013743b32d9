package com.nocobase.cluster.cache.redis;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

import com.nocobase.cluster.cache.CacheRegion;

/**
 * The keys of one cache whose last change the server has not confirmed, so that what it
 * has of them may be old. They are read past the cache until they are removed there, or a
 * later change is confirmed. Too many keys stand for all. Safe from any thread.
 */
final class Unconfirmed {

	static final int MOST = 10_000;

	private static final int STEP = 500;

	private static final long NONE = 0;

	private final String cache;

	private final CacheRegion<?> region;

	/** By key the number of its last change that was not confirmed. */
	private final Map<String, Long> keys = new ConcurrentHashMap<>();

	private final AtomicLong changes = new AtomicLong();

	private final AtomicLong all = new AtomicLong(NONE);

	/**
	 * Creates an empty set.
	 * @param cache name of the cache
	 * @param region removes keys at the server
	 */
	Unconfirmed(String cache, CacheRegion<?> region) {
		this.cache = cache;
		this.region = region;
	}

	String cache() {
		return this.cache;
	}

	boolean isEmpty() {
		return this.all.get() == NONE && this.keys.isEmpty();
	}

	boolean contains(String key) {
		return this.all.get() != NONE || (!this.keys.isEmpty() && this.keys.containsKey(key));
	}

	/**
	 * Returns the number of the last change, to say later that one which began now is
	 * confirmed.
	 * @return the number
	 */
	long last() {
		return this.changes.get();
	}

	void add(Collection<String> changed) {
		long number = this.changes.incrementAndGet();
		if (this.keys.size() + changed.size() > MOST) {
			addAll();
			return;
		}
		changed.forEach((key) -> this.keys.merge(key, number, Math::max));
	}

	void addAll() {
		long number = this.changes.incrementAndGet();
		this.all.set(number);
		this.keys.values().removeIf((each) -> each < number);
	}

	/**
	 * A change of whole entries is confirmed.
	 * @param changed their keys
	 * @param last {@link #last()} when it began
	 */
	void confirmed(Collection<String> changed, long last) {
		if (!this.keys.isEmpty()) {
			changed.forEach((key) -> forget(key, last));
		}
	}

	private void forget(String key, long last) {
		this.keys.computeIfPresent(key, (same, number) -> (number <= last) ? null : number);
	}

	/**
	 * Removes them at the server.
	 */
	void remove() {
		long cleared = this.all.get();
		if (cleared != NONE) {
			this.region.clear();
			this.all.compareAndSet(cleared, NONE);
		}
		long last = last();
		List<String> left = List.copyOf(this.keys.keySet());
		for (int from = 0; from < left.size(); from += STEP) {
			List<String> step = left.subList(from, Math.min(left.size(), from + STEP));
			this.region.deleteAll(step);
			step.forEach((key) -> forget(key, last));
		}
	}

}
