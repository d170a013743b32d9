package com.nocobase.cluster.cache.redis;

/**
 * The same faults where instances keep copies.
 */
class NearCacheFaultTests extends RedisCacheFaultTests {

	@Override
	String store() {
		return "near";
	}

}
