package com.nocobase.cluster.cache.memory;

import com.nocobase.cluster.cache.CacheNodes;
import com.nocobase.cluster.cache.CounterContract;

class MemoryCounterTests extends CounterContract {

	@Override
	protected CacheNodes nodes() {
		return MemoryNodes.create();
	}

}
