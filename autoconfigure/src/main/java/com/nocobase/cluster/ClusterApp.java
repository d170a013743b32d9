package com.nocobase.cluster;

import com.nocobase.cluster.cache.ClusterCache;
import com.nocobase.cluster.cache.ClusterCacheManager;
import com.nocobase.cluster.lock.LockManager;
import com.nocobase.cluster.member.ClusterMembers;
import com.nocobase.cluster.pubsub.PubSubManager;
import com.nocobase.cluster.queue.EventQueue;
import com.nocobase.cluster.sync.SyncMessageManager;
import com.nocobase.cluster.worker.SnowflakeIds;

/**
 * This application as one instance of its cluster. Each manager is also a bean of its
 * own. Asking for a capability that is switched off is an {@link IllegalStateException}
 * that names the property. Safe from any thread.
 */
public interface ClusterApp {

	/**
	 * Returns the application's name, the same on all of its instances.
	 * @return the name
	 */
	String name();

	/**
	 * Returns the id of this instance, unique among those that run.
	 * @return the id
	 */
	String instanceId();

	/**
	 * Returns the application's own cache, named after it in the default store, for
	 * values of any type that JSON has: text, numbers, lists, maps.
	 * @return the cache
	 */
	ClusterCache<Object> cache();

	/**
	 * Returns the caches.
	 * @return the manager
	 */
	ClusterCacheManager cacheManager();

	/**
	 * Returns pub/sub.
	 * @return the manager
	 */
	PubSubManager pubSubManager();

	/**
	 * Returns the sync messages.
	 * @return the manager
	 */
	SyncMessageManager syncMessageManager();

	/**
	 * Returns the event queue.
	 * @return the queue
	 */
	EventQueue eventQueue();

	/**
	 * Returns the locks.
	 * @return the manager
	 */
	LockManager lockManager();

	/**
	 * Returns the ids.
	 * @return gives out ids
	 */
	SnowflakeIds ids();

	/**
	 * Returns the live instances.
	 * @return the members
	 */
	ClusterMembers members();

	/**
	 * Returns whether this instance serves requests.
	 * @return whether it does
	 */
	boolean serving();

	/**
	 * Returns whether this instance serves a key.
	 * @param key the key, such as {@code task:process}
	 * @return whether it does
	 */
	boolean serving(String key);

}
