package com.nocobase.cluster.cache.redis;

import java.util.stream.Stream;

import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

import com.nocobase.cluster.autoconfigure.ClusterAutoConfiguration;
import com.nocobase.cluster.autoconfigure.ClusterCacheAutoConfiguration;
import com.nocobase.cluster.autoconfigure.ClusterRedisAutoConfiguration;
import com.nocobase.cluster.cache.CacheNodes;
import com.nocobase.cluster.cache.SpringCacheContract;
import com.nocobase.cluster.redis.RedisCluster;
import com.nocobase.cluster.redis.TestRedis;

/**
 * Instances whose caches are on Redis.
 */
@Configuration(proxyBeanMethods = false)
@Import(SpringCacheContract.Annotated.class)
@ImportAutoConfiguration({ DataRedisAutoConfiguration.class, ClusterAutoConfiguration.class,
		ClusterRedisAutoConfiguration.class, ClusterCacheAutoConfiguration.class })
class RedisNodes {

	static CacheNodes standalone() {
		return on(TestRedis.shared().properties());
	}

	static CacheNodes cluster() {
		return on(RedisCluster.shared().properties());
	}

	static CacheNodes near() {
		return new CacheNodes(RedisNodes.class, settings("near", TestRedis.shared().properties()));
	}

	static CacheNodes nearOnCluster() {
		return new CacheNodes(RedisNodes.class, settings("near", RedisCluster.shared().properties()));
	}

	static CacheNodes on(String[] server, String... more) {
		return new CacheNodes(RedisNodes.class, settings("redis", server, more));
	}

	static String[] settings(String store, String[] server, String... more) {
		return Stream.of(Stream.of(server), Stream.of("nocobase.cluster.cache.store=" + store), Stream.of(more))
			.flatMap((each) -> each)
			.toArray(String[]::new);
	}

}
