package com.nocobase.cluster.worker.redis;

import org.springframework.context.ConfigurableApplicationContext;

import com.nocobase.cluster.redis.TestRedis;
import com.nocobase.cluster.worker.WorkerIdsContract;

class RedisWorkerIdsTests extends WorkerIdsContract {

	private final RedisInstances instances = new RedisInstances(TestRedis.shared().properties(),
			(key, command) -> TestRedis.shared().command(command));

	@Override
	protected ConfigurableApplicationContext start(String... properties) {
		return this.instances.start(properties);
	}

	@Override
	protected void crash(ConfigurableApplicationContext instance) {
		RedisInstances.cut(instance);
	}

}
