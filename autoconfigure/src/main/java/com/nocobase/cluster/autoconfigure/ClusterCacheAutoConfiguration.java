package com.nocobase.cluster.autoconfigure;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.context.annotation.Import;

import com.nocobase.cluster.cache.CacheConfiguration;
import com.nocobase.cluster.cache.memory.MemoryCacheConfiguration;
import com.nocobase.cluster.cache.redis.NearCacheConfiguration;
import com.nocobase.cluster.cache.redis.RedisCacheConfiguration;
import com.nocobase.cluster.support.ClusterRuntime;

/**
 * Caches, counters and bloom filters.
 */
@AutoConfiguration(after = { ClusterAutoConfiguration.class, ClusterRedisAutoConfiguration.class },
		beforeName = "org.springframework.boot.cache.autoconfigure.CacheAutoConfiguration")
@ConditionalOnBooleanProperty(name = "nocobase.cluster.cache.enabled", matchIfMissing = true)
@ConditionalOnBean(ClusterRuntime.class)
@Import({ CacheConfiguration.class, MemoryCacheConfiguration.class, RedisCacheConfiguration.class,
		NearCacheConfiguration.class })
public final class ClusterCacheAutoConfiguration {

}
