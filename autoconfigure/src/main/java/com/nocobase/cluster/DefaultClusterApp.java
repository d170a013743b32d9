package com.nocobase.cluster;

import org.springframework.beans.factory.BeanFactory;

import com.nocobase.cluster.cache.CacheSpec;
import com.nocobase.cluster.cache.ClusterCache;
import com.nocobase.cluster.cache.ClusterCacheManager;
import com.nocobase.cluster.lock.LockManager;
import com.nocobase.cluster.member.ClusterMembers;
import com.nocobase.cluster.message.Instance;
import com.nocobase.cluster.pubsub.PubSubManager;
import com.nocobase.cluster.queue.EventQueue;
import com.nocobase.cluster.sync.SyncMessageManager;
import com.nocobase.cluster.worker.SnowflakeIds;
import com.nocobase.cluster.worker.WorkerMode;

/**
 * Looks each manager up when it is asked for, so that plugins and managers may need each
 * other.
 */
class DefaultClusterApp implements ClusterApp {

	private final Instance instance;

	private final BeanFactory beans;

	DefaultClusterApp(Instance instance, BeanFactory beans) {
		this.instance = instance;
		this.beans = beans;
	}

	@Override
	public String name() {
		return this.instance.app();
	}

	@Override
	public String instanceId() {
		return this.instance.id();
	}

	@Override
	public ClusterCache<Object> cache() {
		return cacheManager().createCache(name(), CacheSpec.of(Object.class));
	}

	@Override
	public ClusterCacheManager cacheManager() {
		return capability(ClusterCacheManager.class, "cache");
	}

	@Override
	public PubSubManager pubSubManager() {
		return capability(PubSubManager.class, "pubsub");
	}

	@Override
	public SyncMessageManager syncMessageManager() {
		return capability(SyncMessageManager.class, "sync");
	}

	@Override
	public EventQueue eventQueue() {
		return capability(EventQueue.class, "queue");
	}

	@Override
	public LockManager lockManager() {
		return capability(LockManager.class, "lock");
	}

	@Override
	public SnowflakeIds ids() {
		return capability(SnowflakeIds.class, "worker-id");
	}

	@Override
	public ClusterMembers members() {
		return capability(ClusterMembers.class, "members");
	}

	@Override
	public boolean serving() {
		return this.beans.getBean(WorkerMode.class).serving();
	}

	@Override
	public boolean serving(String key) {
		return this.beans.getBean(WorkerMode.class).serving(key);
	}

	private <T> T capability(Class<T> type, String name) {
		T capability = this.beans.getBeanProvider(type).getIfAvailable();
		if (capability == null) {
			throw new IllegalStateException(
					"There is no %s: nocobase.cluster.%s.enabled is false".formatted(type.getSimpleName(), name));
		}
		return capability;
	}

}
