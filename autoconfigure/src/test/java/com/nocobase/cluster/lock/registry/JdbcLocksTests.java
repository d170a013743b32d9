package com.nocobase.cluster.lock.registry;

import org.springframework.context.ConfigurableApplicationContext;

import com.nocobase.cluster.lock.LocksContract;

class JdbcLocksTests extends LocksContract {

	private final JdbcInstances instances = new JdbcInstances();

	@Override
	protected ConfigurableApplicationContext start(String... properties) {
		return this.instances.start(properties);
	}

	@Override
	protected void crash(ConfigurableApplicationContext instance) {
		this.instances.crash(instance);
	}

}
