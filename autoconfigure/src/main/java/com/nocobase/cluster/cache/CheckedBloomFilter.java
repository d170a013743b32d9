package com.nocobase.cluster.cache;

import java.util.Collection;
import java.util.List;

import org.springframework.util.Assert;

/**
 * A store's bloom filters behind the checks that all stores share.
 */
final class CheckedBloomFilter implements BloomFilter {

	private final BloomFilter filter;

	private final String store;

	private final CacheContext context;

	CheckedBloomFilter(BloomFilter filter, String store, CacheContext context) {
		this.filter = filter;
		this.store = store;
		this.context = context;
	}

	String store() {
		return this.store;
	}

	@Override
	public void reserve(String key, double errorRate, long capacity) {
		check(key);
		BloomShape.of(errorRate, capacity);
		this.filter.reserve(key, errorRate, capacity);
	}

	@Override
	public boolean add(String key, String item) {
		check(key);
		Assert.notNull(item, "item must not be null");
		return this.filter.add(key, item);
	}

	@Override
	public void mAdd(String key, Collection<String> items) {
		check(key);
		Assert.notNull(items, "items must not be null");
		Assert.noNullElements(items, "items must not contain null");
		this.filter.mAdd(key, List.copyOf(items));
	}

	@Override
	public boolean exists(String key, String item) {
		check(key);
		Assert.notNull(item, "item must not be null");
		return this.filter.exists(key, item);
	}

	private void check(String key) {
		CacheArguments.key(key);
		this.context.checkOpen();
	}

}
