package com.nocobase.cluster.cache.memory;

import com.nocobase.cluster.cache.CacheNodes;
import com.nocobase.cluster.cache.CacheValueContract;

class MemoryCacheValueTests extends CacheValueContract {

	@Override
	protected CacheNodes nodes() {
		return MemoryNodes.create();
	}

}
