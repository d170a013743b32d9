package com.nocobase.cluster.cache.memory;

import com.nocobase.cluster.cache.CacheLoadContract;
import com.nocobase.cluster.cache.CacheNodes;

class MemoryCacheLoadTests extends CacheLoadContract {

	@Override
	protected CacheNodes nodes() {
		return MemoryNodes.create();
	}

}
