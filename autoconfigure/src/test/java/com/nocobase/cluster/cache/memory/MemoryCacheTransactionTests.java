package com.nocobase.cluster.cache.memory;

import com.nocobase.cluster.cache.CacheNodes;
import com.nocobase.cluster.cache.CacheTransactionContract;

class MemoryCacheTransactionTests extends CacheTransactionContract {

	@Override
	protected CacheNodes nodes() {
		return MemoryNodes.create();
	}

}
