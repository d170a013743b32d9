package com.nocobase.cluster.cache.memory;

import com.github.benmanes.caffeine.cache.Expiry;

/**
 * The first hit sets the window, later ones leave it alone.
 */
final class CountExpiry implements Expiry<String, MemoryCounter.Count> {

	@Override
	public long expireAfterCreate(String key, MemoryCounter.Count count, long now) {
		return count.window();
	}

	@Override
	public long expireAfterUpdate(String key, MemoryCounter.Count count, long now, long left) {
		return left;
	}

	@Override
	public long expireAfterRead(String key, MemoryCounter.Count count, long now, long left) {
		return left;
	}

}
