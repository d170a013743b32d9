package com.nocobase.cluster.lock.local;

import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;

import com.nocobase.cluster.autoconfigure.ClusterAutoConfiguration;
import com.nocobase.cluster.autoconfigure.LockAutoConfiguration;
import com.nocobase.cluster.memory.MemoryBroker;
import com.nocobase.cluster.message.Instance;

/**
 * Contexts with one broker.
 */
final class LocalInstances {

	private final MemoryBroker broker = new MemoryBroker();

	MemoryBroker broker() {
		return this.broker;
	}

	ConfigurableApplicationContext start(String... properties) {
		AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
		TestPropertyValues.of(properties).applyTo(context);
		context.registerBean(MemoryBroker.class, () -> this.broker);
		context.register(ClusterAutoConfiguration.class, LockAutoConfiguration.class);
		context.refresh();
		return context;
	}

	void crash(ConfigurableApplicationContext context) {
		this.broker.crash(context.getBean(Instance.class));
	}

}
