package com.nocobase.cluster.cache.memory;

import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

import com.nocobase.cluster.autoconfigure.ClusterAutoConfiguration;
import com.nocobase.cluster.autoconfigure.ClusterCacheAutoConfiguration;
import com.nocobase.cluster.cache.CacheNodes;
import com.nocobase.cluster.cache.SpringCacheContract;

/**
 * Instances whose caches are in memory.
 */
@Configuration(proxyBeanMethods = false)
@Import(SpringCacheContract.Annotated.class)
@ImportAutoConfiguration({ ClusterAutoConfiguration.class, ClusterCacheAutoConfiguration.class })
class MemoryNodes {

	static CacheNodes create() {
		return new CacheNodes(MemoryNodes.class, "nocobase.cluster.cache.store=memory");
	}

}
