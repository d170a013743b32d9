package com.nocobase.cluster.bench;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.function.Supplier;

import bench.CacheContestant;
import bench.Env;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.MapPropertySource;

import com.nocobase.cluster.autoconfigure.ClusterAutoConfiguration;
import com.nocobase.cluster.autoconfigure.ClusterCacheAutoConfiguration;
import com.nocobase.cluster.autoconfigure.ClusterRedisAutoConfiguration;
import com.nocobase.cluster.cache.CacheSpec;
import com.nocobase.cluster.cache.ClusterCache;
import com.nocobase.cluster.cache.ClusterCacheManager;

/**
 * A cache on Redis as an application has it: a context with our auto-configuration.
 */
public class ClusterCacheContestant implements CacheContestant {

	private final String store;

	private final AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();

	private ClusterCache<String> cache;

	/**
	 * Creates a contestant on Redis.
	 */
	public ClusterCacheContestant() {
		this("redis");
	}

	ClusterCacheContestant(String store) {
		this.store = store;
	}

	@Override
	public String name() {
		return "nocobase-cluster " + this.store;
	}

	@Override
	public void start() {
		Map<String, Object> properties = Map.of("nocobase.cluster.name", "bench", "nocobase.cluster.cache.store",
				this.store, "nocobase.cluster.worker-id.allocator", "local", "spring.data.redis.host", Env.HOST,
				"spring.data.redis.port", Env.REDIS);
		this.context.getEnvironment().getPropertySources().addFirst(new MapPropertySource("bench", properties));
		this.context.register(Application.class);
		this.context.refresh();
		this.cache = this.context.getBean(ClusterCacheManager.class)
			.createCache("bench", CacheSpec.of(String.class).withTtl(Duration.ofMinutes(10)).withClusterWide());
	}

	@Override
	public String get(String key) {
		return this.cache.get(key);
	}

	@Override
	public void put(String key, String value) {
		this.cache.set(key, value);
	}

	@Override
	public Map<String, String> getAll(Collection<String> keys) {
		return this.cache.mget(keys);
	}

	@Override
	public String getOrLoad(String key, Supplier<String> loader) {
		return this.cache.wrap(key, loader::get);
	}

	@Override
	public void close() {
		this.context.close();
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ DataRedisAutoConfiguration.class, ClusterAutoConfiguration.class,
			ClusterRedisAutoConfiguration.class, ClusterCacheAutoConfiguration.class })
	static class Application {

	}

}
