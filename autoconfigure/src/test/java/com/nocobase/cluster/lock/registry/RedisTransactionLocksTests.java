package com.nocobase.cluster.lock.registry;

import org.springframework.context.ConfigurableApplicationContext;

import com.nocobase.cluster.lock.TransactionLocksContract;

class RedisTransactionLocksTests extends TransactionLocksContract {

	@Override
	protected ConfigurableApplicationContext start(String... properties) {
		return RedisInstances.start(properties);
	}

}
