package com.nocobase.cluster.cache.memory;

import com.nocobase.cluster.cache.BloomFilterContract;
import com.nocobase.cluster.cache.CacheNodes;

class MemoryBloomFilterTests extends BloomFilterContract {

	@Override
	protected CacheNodes nodes() {
		return MemoryNodes.create();
	}

}
