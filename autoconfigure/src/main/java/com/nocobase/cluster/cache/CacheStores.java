package com.nocobase.cluster.cache;

import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.core.log.LogMessage;
import org.springframework.util.Assert;

import com.nocobase.cluster.message.Names;

/**
 * The stores by name: those that are beans, and those registered later. A bean {@code x}
 * or {@code xCacheStore} is the store {@code x}. Safe from any thread.
 */
final class CacheStores {

	private static final Log logger = LogFactory.getLog(CacheStores.class);

	private static final String SUFFIX = CacheStore.class.getSimpleName();

	private final String defaultName;

	private final CacheStore defaultStore;

	private final Map<String, CacheStore> stores;

	CacheStores(String defaultName, CacheStore defaultStore, Map<String, CacheStore> beans) {
		this.defaultName = defaultName;
		this.defaultStore = defaultStore;
		this.stores = new ConcurrentHashMap<>(beans);
	}

	String defaultName() {
		return this.defaultName;
	}

	String nameOf(@Nullable String name) {
		return (name != null) ? name : this.defaultName;
	}

	CacheStore named(String name) {
		if (name.equals(this.defaultName)) {
			return this.defaultStore;
		}
		CacheStore store = find(name);
		Assert.isTrue(store != null,
				() -> "There is no cache store '%s'; there is %s".formatted(name, new TreeSet<>(this.stores.keySet())));
		return store;
	}

	private @Nullable CacheStore find(String name) {
		CacheStore store = this.stores.get(name);
		return (store != null) ? store : this.stores.get(name + SUFFIX);
	}

	void register(String name, CacheStore store) {
		Names.check("Name of a cache store", name);
		Assert.notNull(store, "store must not be null");
		Assert.state(find(name) == null && this.stores.putIfAbsent(name, store) == null,
				() -> "There is a cache store '%s' already".formatted(name));
	}

	boolean areReachable() {
		return this.stores.values().stream().allMatch(CacheStore::isReachable);
	}

	void close() {
		this.stores.forEach((name, store) -> {
			try {
				store.close();
			}
			catch (RuntimeException ex) {
				logger.warn(LogMessage.format("Closing the cache store '%s' failed; going on", name), ex);
			}
		});
	}

}
