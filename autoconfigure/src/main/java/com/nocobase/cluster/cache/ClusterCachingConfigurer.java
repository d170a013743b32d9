package com.nocobase.cluster.cache;

import org.jspecify.annotations.Nullable;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.CachingConfigurer;
import org.springframework.cache.interceptor.CacheResolver;

/**
 * Lets annotated methods find their caches by name and type.
 */
final class ClusterCachingConfigurer implements CachingConfigurer {

	private final CacheManager caches;

	private final @Nullable CacheResolver resolver;

	ClusterCachingConfigurer(CacheManager caches) {
		this.caches = caches;
		this.resolver = (caches instanceof SpringCaches ours) ? new MethodCacheResolver(ours) : null;
	}

	@Override
	public CacheManager cacheManager() {
		return this.caches;
	}

	@Override
	public @Nullable CacheResolver cacheResolver() {
		return this.resolver;
	}

}
