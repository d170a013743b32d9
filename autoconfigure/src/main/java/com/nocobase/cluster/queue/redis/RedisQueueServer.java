package com.nocobase.cluster.queue.redis;

import java.time.Duration;

import com.nocobase.cluster.redis.RedisServer;
import com.nocobase.cluster.support.ClusterRuntime;
import com.nocobase.cluster.support.Incident;

/**
 * What the parts of the queue on Redis share.
 *
 * @param server the server
 * @param scripts what is run there
 * @param runtime threads and clocks
 * @param failed notes calls that the server did not take
 * @param ownership how long tasks belong to a session that is not heard of
 */
record RedisQueueServer(RedisServer server, QueueScripts scripts, ClusterRuntime runtime, Incident failed,
		Duration ownership) {

}
