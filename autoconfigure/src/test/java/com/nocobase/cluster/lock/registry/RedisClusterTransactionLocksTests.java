package com.nocobase.cluster.lock.registry;

import org.springframework.context.ConfigurableApplicationContext;

import com.nocobase.cluster.lock.TransactionLocksContract;

class RedisClusterTransactionLocksTests extends TransactionLocksContract {

	@Override
	protected ConfigurableApplicationContext start(String... properties) {
		return RedisClusterInstances.start(properties);
	}

}
