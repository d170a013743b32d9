package com.nocobase.cluster.sample;

/**
 * The lock adapter {@code redis-lease}.
 */
class RecordsOnRedisLeaseIT extends RecordsContract {

	RecordsOnRedisLeaseIT() {
		super("cluster-redis");
	}

}
