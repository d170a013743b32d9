package com.nocobase.cluster.cache.memory;

import com.github.benmanes.caffeine.cache.Caffeine;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import com.nocobase.cluster.cache.CacheStore;
import com.nocobase.cluster.support.ClusterRuntime;

/**
 * The store {@code memory}. It is there beside any other one, as each cache may name its
 * own.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(Caffeine.class)
public final class MemoryCacheConfiguration {

	@Bean
	@ConditionalOnMissingBean(name = "memoryCacheStore")
	CacheStore memoryCacheStore(ClusterRuntime runtime) {
		return new MemoryCacheStore(runtime.ticker());
	}

}
