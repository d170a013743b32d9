package com.nocobase.cluster.cache.redis;

import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import com.nocobase.cluster.cache.BloomFilter;
import com.nocobase.cluster.cache.CacheNodes;
import com.nocobase.cluster.cache.ClusterCacheManager;
import com.nocobase.cluster.redis.RedisProcess;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What bloom filters are at the server.
 */
class BloomFilterKeysTests {

	private final RedisProcess redis = RedisProcess.start();

	private final CacheNodes nodes = RedisNodes.on(this.redis.properties());

	private final String app = "app-" + UUID.randomUUID();

	private final ClusterCacheManager caches = this.nodes.start(this.app).getBean(ClusterCacheManager.class);

	@AfterEach
	void stop() {
		this.nodes.close();
		this.redis.close();
	}

	/** C12. */
	@Test
	void eachKeyIsTheApplicationsOwn() {
		List<String> before = keys();
		BloomFilter filter = this.caches.createBloomFilter("filter", null);

		filter.reserve("k", 0.01, 10);
		filter.add("k", "a");

		assertThat(keys()).hasSizeGreaterThan(before.size())
			.filteredOn((key) -> !before.contains(key))
			.allMatch((key) -> key.startsWith("{" + this.app + ":") && key.contains("filter"));
	}

	/** C12. */
	@Test
	void filterOnRedisComesAfterOneInMemory() {
		BloomFilter memory = this.caches.createBloomFilter("first", "memory");
		BloomFilter onRedis = this.caches.createBloomFilter("second", "redis");
		memory.reserve("k", 0.01, 10);
		onRedis.reserve("k", 0.01, 10);

		memory.add("k", "a");
		onRedis.add("k", "b");

		assertThat(memory.exists("k", "a")).isTrue();
		assertThat(memory.exists("k", "b")).isFalse();
		assertThat(onRedis.exists("k", "a")).isFalse();
		assertThat(onRedis.exists("k", "b")).isTrue();
	}

	/** C12: plain servers have no {@code BF.*}. */
	@Test
	void filterNeedsNoModule() {
		BloomFilter filter = this.caches.createBloomFilter("plain", null);

		filter.reserve("k", 0.01, 10);
		filter.add("k", "a");

		assertThat(filter.exists("k", "a")).isTrue();
		assertThat(this.redis.command("INFO", "commandstats")).doesNotContainIgnoringCase("cmdstat_bf.");
	}

	private List<String> keys() {
		return Stream.of(this.redis.command("KEYS", "*").split("\n")).filter((key) -> !key.isBlank()).toList();
	}

}
