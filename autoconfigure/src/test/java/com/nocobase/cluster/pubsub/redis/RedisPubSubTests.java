package com.nocobase.cluster.pubsub.redis;

import com.nocobase.cluster.pubsub.PubSubContract;
import com.nocobase.cluster.redis.TestRedis;
import com.nocobase.cluster.support.TestCluster;

class RedisPubSubTests extends PubSubContract {

	@Override
	protected TestCluster cluster() {
		return RedisInstances.on(TestRedis.shared().properties());
	}

}
