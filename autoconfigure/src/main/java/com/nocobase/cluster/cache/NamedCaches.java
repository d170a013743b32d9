package com.nocobase.cluster.cache;

import java.lang.reflect.Type;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.cache.CacheManager;
import org.springframework.core.ResolvableType;
import org.springframework.core.log.LogMessage;
import org.springframework.util.Assert;

import com.nocobase.cluster.message.Names;
import com.nocobase.cluster.support.Capability;
import com.nocobase.cluster.support.CapabilityHealth;

/**
 * The caches of one application context. They stand on stores that others bring, and open
 * neither connections nor threads of their own. Safe from any thread.
 */
final class NamedCaches implements ClusterCacheManager, Capability, AutoCloseable {

	private static final Log logger = LogFactory.getLog(NamedCaches.class);

	private final CacheStores stores;

	private final CacheOpening opening;

	private final CacheContext context;

	private final Map<String, NamedCache<?>> caches = new ConcurrentHashMap<>();

	private final Map<String, CheckedCounter> counters = new ConcurrentHashMap<>();

	private final Map<String, CheckedBloomFilter> bloomFilters = new ConcurrentHashMap<>();

	private final SpringCaches spring;

	NamedCaches(CacheStores stores, CacheOpening opening, CacheKeys keys, CacheContext context) {
		this.stores = stores;
		this.opening = opening;
		this.context = context;
		this.spring = new SpringCaches(this, keys, context);
		logger.info(LogMessage.format("Caches are kept in the store '%s'", stores.defaultName()));
	}

	@Override
	@SuppressWarnings("unchecked")
	public <T> ClusterCache<T> createCache(String name, CacheSpec<T> spec) {
		NamedCache<?> cache = open(name, spec);
		Assert.state(cache.spec().equals(spec),
				() -> "Cache '%s' was created with %s, not with %s".formatted(name, cache.spec(), spec));
		return (ClusterCache<T>) cache;
	}

	NamedCache<?> open(String name, CacheSpec<?> spec) {
		Names.check("Name of a cache", name);
		Assert.notNull(spec, "spec must not be null");
		this.context.checkOpen();
		NamedCache<?> cache = find(name);
		return (cache != null) ? cache : this.caches.computeIfAbsent(name, (key) -> this.opening.cache(name, spec));
	}

	@Override
	@SuppressWarnings("unchecked")
	public <T> ClusterCache<T> getCache(String name, Class<T> type) {
		Names.check("Name of a cache", name);
		this.context.checkOpen();
		NamedCache<?> cache = find(name);
		Assert.isTrue(cache != null, () -> "There is no cache '%s'; there is %s".formatted(name, names()));
		Type actual = cache.spec().type();
		Assert.isTrue(type.equals(ResolvableType.forType(actual).resolve()),
				() -> "Cache '%s' has values of %s, not of %s".formatted(name, actual.getTypeName(), type.getName()));
		return (ClusterCache<T>) cache;
	}

	@Nullable NamedCache<?> find(String name) {
		return this.caches.get(name);
	}

	Set<String> names() {
		return new TreeSet<>(this.caches.keySet());
	}

	void evict(String name, String key) {
		this.context.checkOpen();
		NamedCache<?> cache = find(name);
		if (cache != null) {
			cache.del(key);
		}
		else if (this.context.isDeferred()) {
			Runnable evict = () -> evictNow(name, key);
			this.context.writes().write(Set.of(key), new TransactionWrites.Write(name, evict, evict));
		}
		else {
			evictNow(name, key);
		}
	}

	private void evictNow(String name, String key) {
		NamedCache<?> cache = find(name);
		if (cache != null) {
			cache.deleteNow(Set.of(key));
		}
		else {
			this.opening.untyped(name).deleteAll(Set.of(key));
		}
	}

	void clear(String name) {
		this.context.checkOpen();
		NamedCache<?> cache = find(name);
		if (cache != null) {
			cache.reset();
		}
		else if (this.context.isDeferred()) {
			Runnable clear = () -> clearNow(name);
			this.context.writes().writeAll(new TransactionWrites.Write(name, clear, clear));
		}
		else {
			clearNow(name);
		}
	}

	private void clearNow(String name) {
		NamedCache<?> cache = find(name);
		if (cache != null) {
			cache.resetNow();
		}
		else {
			this.opening.untyped(name).clear();
		}
	}

	@Override
	public Counter createCounter(String name, @Nullable String store) {
		Names.check("Name of a counter", name);
		this.context.checkOpen();
		CheckedCounter counter = this.counters.computeIfAbsent(name, (key) -> this.opening.counter(name, store));
		checkStore("Counter", name, counter.store(), store);
		return counter;
	}

	@Override
	public BloomFilter createBloomFilter(String name, @Nullable String store) {
		Names.check("Name of a bloom filter", name);
		this.context.checkOpen();
		CheckedBloomFilter filter = this.bloomFilters.computeIfAbsent(name,
				(key) -> this.opening.bloomFilter(name, store));
		checkStore("Bloom filter", name, filter.store(), store);
		return filter;
	}

	private void checkStore(String what, String name, String actual, @Nullable String wanted) {
		Assert.state(actual.equals(this.stores.nameOf(wanted)),
				() -> "%s '%s' was created in the store '%s', not in '%s'".formatted(what, name, actual,
						this.stores.nameOf(wanted)));
	}

	@Override
	public void registerStore(String name, CacheStore store) {
		this.context.checkOpen();
		this.stores.register(name, store);
	}

	@Override
	public void flushAll() {
		this.context.checkOpen();
		RuntimeException failure = null;
		for (NamedCache<?> cache : this.caches.values()) {
			try {
				cache.reset();
			}
			catch (RuntimeException ex) {
				if (failure == null) {
					failure = ex;
				}
				else {
					failure.addSuppressed(ex);
				}
			}
		}
		if (failure != null) {
			throw failure;
		}
	}

	@Override
	public void close() {
		if (this.context.close()) {
			this.stores.close();
		}
	}

	@Override
	public CacheManager asSpring() {
		return this.spring;
	}

	@Override
	public String name() {
		return "cache";
	}

	@Override
	public String adapter() {
		return this.stores.defaultName();
	}

	@Override
	public CapabilityHealth health() {
		long hanging = this.caches.values().stream().mapToLong(NamedCache::hangingLoads).sum();
		boolean lost = this.context.hasLostRecently();
		boolean reachable = this.stores.areReachable();
		return new CapabilityHealth(hanging == 0 && !lost && reachable, Map.of("adapter", adapter(), "caches",
				this.caches.size(), "hangingLoads", hanging, "writesLostRecently", lost, "reachable", reachable));
	}

}
