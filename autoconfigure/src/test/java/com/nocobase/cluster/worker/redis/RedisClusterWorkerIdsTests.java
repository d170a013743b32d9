package com.nocobase.cluster.worker.redis;

import org.springframework.context.ConfigurableApplicationContext;

import com.nocobase.cluster.redis.RedisCluster;
import com.nocobase.cluster.worker.WorkerIdsContract;

class RedisClusterWorkerIdsTests extends WorkerIdsContract {

	private final RedisInstances instances = new RedisInstances(RedisCluster.shared().properties(),
			(key, command) -> RedisCluster.shared().nodeOf(key).command(command));

	@Override
	protected ConfigurableApplicationContext start(String... properties) {
		return this.instances.start(properties);
	}

	@Override
	protected void crash(ConfigurableApplicationContext instance) {
		RedisInstances.cut(instance);
	}

}
