package com.nocobase.cluster.pubsub.redis;

import com.nocobase.cluster.pubsub.PubSubContract;
import com.nocobase.cluster.redis.RedisCluster;
import com.nocobase.cluster.support.TestCluster;

class RedisClusterPubSubTests extends PubSubContract {

	@Override
	protected TestCluster cluster() {
		return RedisInstances.on(RedisCluster.shared().properties());
	}

}
