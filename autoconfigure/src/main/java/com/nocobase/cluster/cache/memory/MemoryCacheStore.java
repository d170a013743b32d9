package com.nocobase.cluster.cache.memory;

import java.util.function.LongSupplier;

import com.github.benmanes.caffeine.cache.Caffeine;

import com.nocobase.cluster.cache.BloomFilter;
import com.nocobase.cluster.cache.CacheRegion;
import com.nocobase.cluster.cache.CacheSettings;
import com.nocobase.cluster.cache.CacheStore;
import com.nocobase.cluster.cache.Counter;
import com.nocobase.cluster.cache.LoadTurns;
import com.nocobase.cluster.message.JsonCodec;

/**
 * Keeps entries in Caffeine, a region for each cache. Caffeine's upkeep is done by the
 * callers, so there is no thread.
 */
final class MemoryCacheStore implements CacheStore {

	private final LongSupplier ticker;

	MemoryCacheStore(LongSupplier ticker) {
		this.ticker = ticker;
	}

	@Override
	public <T> CacheRegion<T> open(CacheSettings settings, JsonCodec codec) {
		MemoryEntries<T> entries = new MemoryEntries<>(codec, settings.type(), settings.copyOnRead());
		return new MemoryRegion<>(settings.name(), entries,
				caffeine().maximumSize(settings.maxSize()).expireAfter(new MemoryExpiry()).build());
	}

	@Override
	public LoadTurns loadTurns(CacheSettings settings) {
		return LoadTurns.FREE;
	}

	@Override
	public Counter counter(String name) {
		return new MemoryCounter(caffeine().expireAfter(new CountExpiry()).build());
	}

	@Override
	public BloomFilter bloomFilter(String name) {
		return new MemoryBloomFilter();
	}

	private Caffeine<Object, Object> caffeine() {
		return Caffeine.newBuilder().ticker(this.ticker::getAsLong).executor(Runnable::run);
	}

	@Override
	public void close() {
		// What was opened goes with the manager that holds it.
	}

}
