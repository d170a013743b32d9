package com.nocobase.cluster.sample;

/**
 * The lock adapter {@code redis}.
 */
class RecordsOnRedisIT extends RecordsContract {

	RecordsOnRedisIT() {
		super("cluster");
	}

}
