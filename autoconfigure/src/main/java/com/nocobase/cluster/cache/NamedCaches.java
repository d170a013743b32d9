package com.nocobase.cluster.cache;

import java.lang.reflect.Type;
import java.time.Duration;
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

import com.nocobase.cluster.message.Instance;
import com.nocobase.cluster.message.JsonCodec;
import com.nocobase.cluster.message.Names;
import com.nocobase.cluster.support.Capability;
import com.nocobase.cluster.support.CapabilityHealth;

/**
 * The caches of one application context. They stand on stores that others bring, and open
 * neither connections nor threads of their own. Safe from any thread.
 */
final class NamedCaches implements ClusterCacheManager, Capability, AutoCloseable {

	private static final Log logger = LogFactory.getLog(NamedCaches.class);

	private final CacheProperties properties;

	private final CacheStores stores;

	private final Instance instance;

	private final JsonCodec json;

	private final CacheContext context;

	private final Map<String, NamedCache<?>> caches = new ConcurrentHashMap<>();

	/** Which cache has a prefix in a store, so that no two of them share entries. */
	private final Map<String, String> prefixes = new ConcurrentHashMap<>();

	private final Map<String, Named<Counter>> counters = new ConcurrentHashMap<>();

	private final Map<String, Named<BloomFilter>> bloomFilters = new ConcurrentHashMap<>();

	private final SpringCaches spring;

	NamedCaches(CacheProperties properties, CacheStores stores, Instance instance, JsonCodec json,
			CacheContext context) {
		this.properties = properties;
		this.stores = stores;
		this.instance = instance;
		this.json = json;
		this.context = context;
		this.spring = new SpringCaches(this, new CacheKeys(json), context, properties.loadTimeout());
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
		return (cache != null) ? cache : this.caches.computeIfAbsent(name, (key) -> create(name, spec));
	}

	private <T> NamedCache<T> create(String name, CacheSpec<T> spec) {
		CacheSettings settings = settings(name, spec);
		String storeName = this.stores.nameOf(spec.store());
		CacheStore store = this.stores.named(storeName);
		String owner = this.prefixes.putIfAbsent(storeName + " " + settings.scope(), name);
		Assert.state(owner == null || owner.equals(name),
				() -> "Cache '%s' cannot have the prefix of cache '%s' in the store '%s'".formatted(name, owner,
						storeName));
		Duration loadTimeout = (spec.loadTimeout() != null) ? spec.loadTimeout() : this.properties.loadTimeout();
		return new NamedCache<>(spec, settings, store.open(settings, this.json), this.json, loadTimeout, this.context);
	}

	private CacheSettings settings(String name, CacheSpec<?> spec) {
		return new CacheSettings(name, scope("cache", (spec.prefix() != null) ? spec.prefix() : name), spec.type(),
				(spec.ttl() != null) ? spec.ttl() : this.properties.ttl(),
				(spec.maxSize() != null) ? spec.maxSize() : this.properties.maxSize(), spec.copyOnRead());
	}

	private String scope(String kind, String name) {
		// Different applications, kinds and names never give the same text, whatever
		// follows.
		return Names.scoped(this.instance.app(), kind + ":" + Names.scoped(name, ""));
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

	private CacheRegion<Object> unopened(String name) {
		return this.stores.named(this.stores.defaultName()).open(settings(name, CacheSpec.of(Object.class)), this.json);
	}

	void evict(String name, String key) {
		// The cache need not have been created in this process.
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
			unopened(name).deleteAll(Set.of(key));
		}
	}

	void clear(String name) {
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
			unopened(name).clear();
		}
	}

	@Override
	public Counter createCounter(String name, @Nullable String store) {
		Names.check("Name of a counter", name);
		this.context.checkOpen();
		String storeName = this.stores.nameOf(store);
		return this.counters
			.computeIfAbsent(name,
					(key) -> new Named<>(storeName,
							new CheckedCounter(this.stores.named(storeName).counter(scope("counter", name)),
									this.context)))
			.in(storeName, "Counter", name);
	}

	@Override
	public BloomFilter createBloomFilter(String name, @Nullable String store) {
		Names.check("Name of a bloom filter", name);
		this.context.checkOpen();
		String storeName = this.stores.nameOf(store);
		return this.bloomFilters
			.computeIfAbsent(name,
					(key) -> new Named<>(storeName,
							new CheckedBloomFilter(this.stores.named(storeName).bloomFilter(scope("bloom", name)),
									this.context)))
			.in(storeName, "Bloom filter", name);
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

	SpringCaches spring() {
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
		return new CapabilityHealth(hanging == 0 && !lost, Map.of("adapter", adapter(), "caches", this.caches.size(),
				"hangingLoads", hanging, "writesLostRecently", lost));
	}

	private record Named<T>(String store, T target) {

		T in(String wanted, String what, String name) {
			Assert.state(this.store.equals(wanted), () -> "%s '%s' was created in the store '%s', not in '%s'"
				.formatted(what, name, this.store, wanted));
			return this.target;
		}

	}

}
