package com.nocobase.cluster.cache.memory;

import java.time.Duration;

import com.github.benmanes.caffeine.cache.Expiry;
import org.jspecify.annotations.Nullable;

/**
 * Each entry lives as long as it says; changing the fields of an object keeps its time.
 */
final class MemoryExpiry implements Expiry<String, MemoryEntry> {

	/** Longer than any process runs, and far from overflowing. */
	static final long NEVER = Long.MAX_VALUE / 4;

	private static final Duration LONGEST = Duration.ofNanos(NEVER);

	static long nanos(@Nullable Duration ttl) {
		return (ttl == null || ttl.compareTo(LONGEST) >= 0) ? NEVER : ttl.toNanos();
	}

	@Override
	public long expireAfterCreate(String key, MemoryEntry entry, long now) {
		return entry.nanos();
	}

	@Override
	public long expireAfterUpdate(String key, MemoryEntry entry, long now, long left) {
		return (entry instanceof MemoryEntry.Fields) ? left : entry.nanos();
	}

	@Override
	public long expireAfterRead(String key, MemoryEntry entry, long now, long left) {
		return left;
	}

}
