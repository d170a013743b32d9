package com.nocobase.cluster.lock.registry;

import java.util.UUID;

import org.springframework.context.ConfigurableApplicationContext;

import com.nocobase.cluster.lock.LockManager;
import com.nocobase.cluster.lock.LockOptions;

/**
 * Connects an instance, so that no short lease of a test is spent on that.
 */
final class Warm {

	private Warm() {
	}

	static ConfigurableApplicationContext up(ConfigurableApplicationContext instance) {
		instance.getBean(LockManager.class).acquire(UUID.randomUUID().toString(), LockOptions.DEFAULTS).release();
		return instance;
	}

}
