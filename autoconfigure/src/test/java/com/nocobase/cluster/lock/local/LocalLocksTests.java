package com.nocobase.cluster.lock.local;

import org.springframework.context.ConfigurableApplicationContext;

import com.nocobase.cluster.lock.LocksContract;

class LocalLocksTests extends LocksContract {

	private final LocalInstances instances = new LocalInstances();

	@Override
	protected ConfigurableApplicationContext start(String... properties) {
		return this.instances.start(properties);
	}

	@Override
	protected void crash(ConfigurableApplicationContext instance) {
		this.instances.crash(instance);
	}

}
