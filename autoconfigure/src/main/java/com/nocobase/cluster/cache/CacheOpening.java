package com.nocobase.cluster.cache;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;
import org.springframework.util.Assert;

import com.nocobase.cluster.message.Instance;
import com.nocobase.cluster.message.JsonCodec;
import com.nocobase.cluster.message.Names;

/**
 * Opens what a name stands for in its store, with the configuration's defaults. Names in
 * a store carry the application, so that no two applications meet. Safe from any thread.
 */
final class CacheOpening {

	private final CacheProperties properties;

	private final CacheStores stores;

	private final Instance instance;

	private final JsonCodec json;

	private final CacheContext context;

	/** Which cache has a scope in a store, so that no two of them share entries. */
	private final Map<String, String> owners = new ConcurrentHashMap<>();

	CacheOpening(CacheProperties properties, CacheStores stores, Instance instance, JsonCodec json,
			CacheContext context) {
		this.properties = properties;
		this.stores = stores;
		this.instance = instance;
		this.json = json;
		this.context = context;
	}

	<T> NamedCache<T> cache(String name, CacheSpec<T> spec) {
		CacheSettings settings = settings(name, spec);
		String storeName = this.stores.nameOf(spec.store());
		CacheStore store = this.stores.named(storeName);
		LoadTurns turns = spec.clusterWide() ? store.loadTurns(settings) : LoadTurns.FREE;
		Assert.state(turns != null, () -> "Cache '%s' cannot be cluster-wide: the store '%s' offers no turns at loading"
			.formatted(name, storeName));
		String owner = this.owners.putIfAbsent(storeName + " " + settings.scope(), name);
		Assert.state(owner == null || owner.equals(name),
				() -> "Cache '%s' cannot have the prefix of cache '%s' in the store '%s'".formatted(name, owner,
						storeName));
		Duration loadTimeout = (spec.loadTimeout() != null) ? spec.loadTimeout() : this.properties.loadTimeout();
		return new NamedCache<>(spec, settings, store.open(settings, this.json), turns, this.json, loadTimeout,
				this.context);
	}

	/**
	 * Opens the region of a cache that is not created yet, to remove entries from.
	 * @param name name of the cache
	 * @return the region
	 */
	CacheRegion<Object> untyped(String name) {
		CacheSettings settings = settings(name, CacheSpec.of(Object.class));
		return this.stores.named(this.stores.defaultName()).open(settings, this.json);
	}

	CheckedCounter counter(String name, @Nullable String store) {
		String storeName = this.stores.nameOf(store);
		Counter counter = this.stores.named(storeName).counter(scope("counter", name));
		return new CheckedCounter(counter, storeName, this.context);
	}

	CheckedBloomFilter bloomFilter(String name, @Nullable String store) {
		String storeName = this.stores.nameOf(store);
		BloomFilter filter = this.stores.named(storeName).bloomFilter(scope("bloom", name));
		return new CheckedBloomFilter(filter, storeName, this.context);
	}

	private CacheSettings settings(String name, CacheSpec<?> spec) {
		return new CacheSettings(name, scope("cache", (spec.prefix() != null) ? spec.prefix() : name), spec.type(),
				(spec.ttl() != null) ? spec.ttl() : this.properties.ttl(),
				(spec.maxSize() != null) ? spec.maxSize() : this.properties.maxSize(), spec.copyOnRead());
	}

	private String scope(String kind, String name) {
		// Different kinds and names never give the same text, whatever key follows.
		return Names.scoped(this.instance.app(), kind + ":" + Names.scoped(name, ""));
	}

}
