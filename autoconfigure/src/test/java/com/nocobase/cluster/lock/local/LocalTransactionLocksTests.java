package com.nocobase.cluster.lock.local;

import org.springframework.context.ConfigurableApplicationContext;

import com.nocobase.cluster.lock.TransactionLocksContract;

class LocalTransactionLocksTests extends TransactionLocksContract {

	private final LocalInstances instances = new LocalInstances();

	@Override
	protected ConfigurableApplicationContext start(String... properties) {
		return this.instances.start(properties);
	}

}
