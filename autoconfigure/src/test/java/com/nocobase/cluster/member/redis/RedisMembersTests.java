package com.nocobase.cluster.member.redis;

import com.nocobase.cluster.member.MembersContract;
import com.nocobase.cluster.redis.RedisTestCluster;
import com.nocobase.cluster.redis.TestRedis;
import com.nocobase.cluster.support.TestCluster;

class RedisMembersTests extends MembersContract {

	@Override
	protected TestCluster cluster() {
		return RedisTestCluster.on(TestRedis.shared().properties(), "nocobase.cluster.members.adapter=redis");
	}

}
