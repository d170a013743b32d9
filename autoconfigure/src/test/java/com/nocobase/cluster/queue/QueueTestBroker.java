package com.nocobase.cluster.queue;

import java.util.List;
import java.util.Map;

import org.springframework.context.support.GenericApplicationContext;

import com.nocobase.cluster.message.Instance;

/**
 * The broker that a contract test runs against.
 */
public interface QueueTestBroker {

	/**
	 * Makes a context an instance at this broker.
	 * @param context gets beans
	 * @param properties gets settings
	 */
	void connect(GenericApplicationContext context, Map<String, Object> properties);

	/**
	 * Returns what an instance needs besides the queue's own configuration.
	 * @return auto-configurations, in their order
	 */
	default List<Class<?>> configurations() {
		return List.of();
	}

	/**
	 * Has the broker believe that an instance has died, and waits until it does.
	 * @param instance the instance
	 */
	void crash(Instance instance);

}
