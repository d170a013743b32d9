package com.nocobase.cluster.lock.registry;

import org.springframework.context.ConfigurableApplicationContext;

import com.nocobase.cluster.lock.LocksContract;

class RedisClusterLocksTests extends LocksContract {

	@Override
	protected ConfigurableApplicationContext start(String... properties) {
		return RedisClusterInstances.start(properties);
	}

	@Override
	protected void crash(ConfigurableApplicationContext instance) {
		RedisClusterInstances.crash(instance);
	}

}
