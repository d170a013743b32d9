package com.nocobase.cluster.cache.redis;

import java.time.Duration;
import java.util.UUID;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

import com.nocobase.cluster.cache.BloomFilter;
import com.nocobase.cluster.cache.CacheNodes;
import com.nocobase.cluster.cache.CacheSpec;
import com.nocobase.cluster.cache.ClusterCache;
import com.nocobase.cluster.cache.ClusterCacheManager;
import com.nocobase.cluster.cache.Counter;
import com.nocobase.cluster.redis.QuickReconnects;
import com.nocobase.cluster.redis.RedisProcess;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A server that has forgotten all scripts.
 */
class ForgottenScriptsTests {

	private final RedisProcess redis = RedisProcess.start();

	private final CacheNodes nodes = new CacheNodes(Quick.class,
			RedisNodes.settings("redis", this.redis.properties(), "nocobase.cluster.redis.timeout=20s"));

	private ClusterCacheManager caches;

	@BeforeEach
	void start() {
		this.caches = this.nodes.start("app-" + UUID.randomUUID()).getBean(ClusterCacheManager.class);
	}

	@AfterEach
	void stop() {
		this.nodes.close();
		this.redis.close();
	}

	/** C10. */
	@ParameterizedTest
	@EnumSource
	void callsThatAreScriptsGoOn(Cause cause) {
		Counter counter = this.caches.createCounter("counter", null);
		BloomFilter filter = this.caches.createBloomFilter("filter", null);
		ClusterCache<String> cache = this.caches.createCache("cache",
				CacheSpec.of(String.class).withTtl(Duration.ofHours(1)).withClusterWide());
		filter.reserve("k", 0.01, 100);

		for (int i = 1; i <= 3; i++) {
			String number = "item" + i;
			assertThat(counter.incr("k", Duration.ofHours(1))).isEqualTo(i);
			assertThat(filter.add("k", number)).isTrue();
			cache.setValueInObject("o", number, i);
			assertThat(cache.wrap(number, () -> "loaded")).isEqualTo("loaded");

			switch (cause) {
				case FLUSH -> this.redis.command("SCRIPT", "FLUSH");
				case RESTART -> this.redis.restart(true);
			}

			assertThat(counter.incrBy("k", 0, Duration.ofHours(1))).isEqualTo(i);
			assertThat(filter.exists("k", number)).isTrue();
			assertThat(cache.getValueInObject("o", number, Integer.class)).isEqualTo(i);
			assertThat(cache.get(number)).isEqualTo("loaded");
		}
	}

	/** Why it has forgotten them. */
	private enum Cause {

		FLUSH, RESTART

	}

	@Configuration(proxyBeanMethods = false)
	@Import({ RedisNodes.class, QuickReconnects.class })
	static class Quick {

	}

}
