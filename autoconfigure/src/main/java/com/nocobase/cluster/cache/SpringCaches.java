package com.nocobase.cluster.cache;

import java.lang.reflect.Type;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;

import com.nocobase.cluster.message.Names;

/**
 * The caches as Spring's annotations see them. A name that has no cache yet gives a view
 * that can evict; it can read and write as soon as the type of its values is known. Safe
 * from any thread.
 */
final class SpringCaches implements CacheManager {

	private final NamedCaches caches;

	private final CacheKeys keys;

	private final CacheContext context;

	private final Map<String, SpringCache> views = new ConcurrentHashMap<>();

	SpringCaches(NamedCaches caches, CacheKeys keys, CacheContext context) {
		this.caches = caches;
		this.keys = keys;
		this.context = context;
	}

	@Override
	public Cache getCache(String name) {
		Names.check("Name of a cache", name);
		SpringCache view = this.views.get(name);
		return (view != null) ? view : this.views.computeIfAbsent(name,
				(key) -> new SpringCache(name, this.caches, this.keys, this.context));
	}

	@Override
	public Collection<String> getCacheNames() {
		return this.caches.names();
	}

	Type typeOf(String name, Type type) {
		return this.caches.open(name, new CacheSpec<>(type, null, null, null, 0, null, false, false, null))
			.spec()
			.type();
	}

}
