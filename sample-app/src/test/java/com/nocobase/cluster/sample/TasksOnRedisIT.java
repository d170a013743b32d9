package com.nocobase.cluster.sample;

/**
 * {@link TasksContract} on Redis.
 */
class TasksOnRedisIT extends TasksContract {

	TasksOnRedisIT() {
		super("cluster-redis");
	}

}
