package com.nocobase.cluster.cache.memory;

import com.nocobase.cluster.cache.CacheNodes;
import com.nocobase.cluster.cache.SpringCacheContract;

class MemorySpringCacheTests extends SpringCacheContract {

	@Override
	protected CacheNodes nodes() {
		return MemoryNodes.create();
	}

}
