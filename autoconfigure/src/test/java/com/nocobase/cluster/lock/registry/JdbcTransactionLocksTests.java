package com.nocobase.cluster.lock.registry;

import org.springframework.context.ConfigurableApplicationContext;

import com.nocobase.cluster.lock.TransactionLocksContract;

class JdbcTransactionLocksTests extends TransactionLocksContract {

	private final JdbcInstances instances = new JdbcInstances();

	@Override
	protected ConfigurableApplicationContext start(String... properties) {
		return this.instances.start(properties);
	}

}
