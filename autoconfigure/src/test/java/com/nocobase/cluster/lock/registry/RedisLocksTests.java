package com.nocobase.cluster.lock.registry;

import org.springframework.context.ConfigurableApplicationContext;

import com.nocobase.cluster.lock.LocksContract;

class RedisLocksTests extends LocksContract {

	@Override
	protected ConfigurableApplicationContext start(String... properties) {
		return RedisInstances.start(properties);
	}

	@Override
	protected void crash(ConfigurableApplicationContext instance) {
		RedisInstances.crash(instance);
	}

}
