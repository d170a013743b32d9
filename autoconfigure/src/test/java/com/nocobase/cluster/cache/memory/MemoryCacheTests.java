package com.nocobase.cluster.cache.memory;

import com.nocobase.cluster.cache.CacheContract;
import com.nocobase.cluster.cache.CacheNodes;

class MemoryCacheTests extends CacheContract {

	@Override
	protected CacheNodes nodes() {
		return MemoryNodes.create();
	}

}
