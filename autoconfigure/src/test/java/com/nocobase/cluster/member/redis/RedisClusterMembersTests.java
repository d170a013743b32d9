package com.nocobase.cluster.member.redis;

import com.nocobase.cluster.member.MembersContract;
import com.nocobase.cluster.redis.RedisCluster;
import com.nocobase.cluster.redis.RedisTestCluster;
import com.nocobase.cluster.support.TestCluster;

class RedisClusterMembersTests extends MembersContract {

	@Override
	protected TestCluster cluster() {
		return RedisTestCluster.on(RedisCluster.shared().properties(), "nocobase.cluster.members.adapter=redis");
	}

}
