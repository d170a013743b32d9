package com.nocobase.cluster.autoconfigure;

import java.time.Duration;

import com.github.benmanes.caffeine.cache.Caffeine;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.cache.autoconfigure.CacheAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.CachingConfigurer;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.cache.concurrent.ConcurrentMapCacheManager;
import org.springframework.context.annotation.Configuration;

import com.nocobase.cluster.cache.BloomFilter;
import com.nocobase.cluster.cache.CacheProperties;
import com.nocobase.cluster.cache.CacheRegion;
import com.nocobase.cluster.cache.CacheSettings;
import com.nocobase.cluster.cache.CacheSpec;
import com.nocobase.cluster.cache.CacheStore;
import com.nocobase.cluster.cache.ClusterCache;
import com.nocobase.cluster.cache.ClusterCacheManager;
import com.nocobase.cluster.cache.Counter;
import com.nocobase.cluster.message.JsonCodec;
import com.nocobase.cluster.support.Capability;
import com.nocobase.cluster.support.UnknownAdapterException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class ClusterCacheAutoConfigurationTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner().withConfiguration(AutoConfigurations
		.of(ClusterAutoConfiguration.class, ClusterCacheAutoConfiguration.class, CacheAutoConfiguration.class));

	@Test
	void cachesAreKeptInMemoryByDefault() {
		this.runner.run((context) -> {
			assertThat(context).hasSingleBean(ClusterCacheManager.class).hasSingleBean(CacheManager.class);
			Capability capability = context.getBean(Capability.class);
			assertThat(capability.name()).isEqualTo("cache");
			assertThat(capability.adapter()).isEqualTo("memory");
			assertThat(capability.health().up()).isTrue();
			assertThat(capability.health().details()).containsEntry("adapter", "memory").containsEntry("caches", 0);
			assertThat(roundTrip(context.getBean(ClusterCacheManager.class), null)).isEqualTo("v");
		});
	}

	@Test
	void storeIsNamed() {
		this.runner.withPropertyValues("nocobase.cluster.cache.store=memory")
			.run((context) -> assertThat(context.getBean(Capability.class).adapter()).isEqualTo("memory"));
	}

	@Test
	void unknownStoreStopsTheStart() {
		this.runner.withPropertyValues("nocobase.cluster.cache.store=nowhere")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(UnknownAdapterException.class)
				.hasMessageContaining("nocobase.cluster.cache.store")
				.hasMessageContaining("nowhere"));
	}

	@Test
	void missingCaffeineStopsTheStartWithAMessage() {
		this.runner.withClassLoader(new FilteredClassLoader(Caffeine.class))
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(UnknownAdapterException.class)
				.hasMessageContaining("'memory'"));
	}

	@Test
	void otherStoreNeedsNoCaffeine() {
		this.runner.withClassLoader(new FilteredClassLoader(Caffeine.class))
			.withBean("own", CacheStore.class, OwnStore::new)
			.withPropertyValues("nocobase.cluster.cache.store=own")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void applicationsStoreIsFoundByItsBeanName() {
		this.runner.withBean("ownCacheStore", CacheStore.class, OwnStore::new)
			.withPropertyValues("nocobase.cluster.cache.store=own", "nocobase.cluster.cache.ttl=5m",
					"nocobase.cluster.name=crm")
			.run((context) -> {
				ClusterCacheManager caches = context.getBean(ClusterCacheManager.class);
				OwnStore store = context.getBean(OwnStore.class);
				caches.createCache("a:b", CacheSpec.of(String.class));
				assertThat(store.opened).isEqualTo(new CacheSettings("a:b", "crm:cache:a%3Ab:", String.class,
						Duration.ofMinutes(5), 10_000, false));
				assertThat(roundTrip(caches, "memory")).isEqualTo("v");
				caches.createCounter("c", null);
				assertThat(store.counter).isEqualTo("crm:counter:c:");
			});
	}

	@Test
	void storeIsRegisteredAndClosedWithTheContext() {
		OwnStore store = new OwnStore();
		this.runner.run((context) -> {
			ClusterCacheManager caches = context.getBean(ClusterCacheManager.class);
			caches.registerStore("own", store);
			assertThat(caches.createCache("c", CacheSpec.of(String.class).withStore("own")).name()).isEqualTo("c");
			assertThat(store.opened).isNotNull();
			assertThatIllegalStateException().isThrownBy(() -> caches.registerStore("own", store))
				.withMessageContaining("'own'");
			assertThatIllegalStateException().isThrownBy(() -> caches.registerStore("memory", store));
			assertThatIllegalArgumentException().isThrownBy(() -> caches.registerStore(" ", store));
			assertThat(store.closed).isZero();
		});
		assertThat(store.closed).isEqualTo(1);
	}

	@Test
	void counterAndFilterStayInTheirStore() {
		this.runner.withBean("own", CacheStore.class, OwnStore::new).run((context) -> {
			ClusterCacheManager caches = context.getBean(ClusterCacheManager.class);
			caches.createCounter("c", null);
			caches.createBloomFilter("b", null);

			assertThatIllegalStateException().isThrownBy(() -> caches.createCounter("c", "own"))
				.withMessageContaining("'memory'");
			assertThatIllegalStateException().isThrownBy(() -> caches.createBloomFilter("b", "own"));
		});
	}

	@Test
	void applicationsManagerWins() {
		this.runner.withBean(ClusterCacheManager.class, OwnManager::new).run((context) -> {
			assertThat(context).hasSingleBean(ClusterCacheManager.class).doesNotHaveBean(Capability.class);
			assertThat(context.getBean(CacheManager.class)).isInstanceOf(ConcurrentMapCacheManager.class);
		});
	}

	@Test
	void capabilityIsSwitchedOff() {
		this.runner.withPropertyValues("nocobase.cluster.cache.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(ClusterCacheManager.class));
		this.runner.withPropertyValues("nocobase.cluster.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(ClusterCacheManager.class));
	}

	@Test
	void badValueStopsTheStart() {
		for (String bad : new String[] { "ttl=0s", "ttl=-1s", "max-size=0", "load-timeout=0s", "store= " }) {
			this.runner.withPropertyValues("nocobase.cluster.cache." + bad)
				.run((context) -> assertThat(context).getFailure()
					.rootCause()
					.hasMessageContaining("nocobase.cluster.cache." + bad.substring(0, bad.indexOf('='))));
		}
	}

	@Test
	void defaultsFitTheDocumentation() {
		this.runner
			.run((context) -> assertThat(context.getBean(CacheProperties.class)).isEqualTo(new CacheProperties(true,
					"memory", null, null, 10_000, false, Duration.ofSeconds(1), Duration.ofSeconds(30))));
	}

	@Test
	void worksWithVirtualAndPlatformThreads() {
		this.runner.withPropertyValues("spring.threads.virtual.enabled=false")
			.run((context) -> assertThat(roundTrip(context.getBean(ClusterCacheManager.class), null)).isEqualTo("v"));
	}

	@Test
	@EnabledForJreRange(min = JRE.JAVA_21)
	void worksWithVirtualThreads() {
		this.runner.withPropertyValues("spring.threads.virtual.enabled=true")
			.run((context) -> assertThat(roundTrip(context.getBean(ClusterCacheManager.class), null)).isEqualTo("v"));
	}

	@Test
	void applicationsCacheManagerWins() {
		this.runner.withBean(CacheManager.class, ConcurrentMapCacheManager::new).run((context) -> {
			assertThat(context.getBean(CacheManager.class)).isInstanceOf(ConcurrentMapCacheManager.class);
			assertThat(context).doesNotHaveBean(CachingConfigurer.class);
			assertThat(context.getBean(ClusterCacheManager.class).asSpring()).isNotNull();
		});
	}

	@Test
	void springCacheTypeWins() {
		this.runner.withUserConfiguration(Caching.class)
			.withPropertyValues("spring.cache.type=simple")
			.run((context) -> {
				assertThat(context.getBean(CacheManager.class)).isInstanceOf(ConcurrentMapCacheManager.class);
				assertThat(context).doesNotHaveBean(CachingConfigurer.class);
			});
	}

	@Test
	void springsAnnotationsUseOurCaches() {
		this.runner.withUserConfiguration(Caching.class)
			.run((context) -> assertThat(context.getBean(CacheManager.class))
				.isSameAs(context.getBean(ClusterCacheManager.class).asSpring()));
	}

	@Test
	void applicationsCachingConfigurerWins() {
		CachingConfigurer own = new CachingConfigurer() {
		};
		this.runner.withUserConfiguration(Caching.class)
			.withBean(CachingConfigurer.class, () -> own)
			.run((context) -> assertThat(context.getBean(CachingConfigurer.class)).isSameAs(own));
	}

	@Test
	void contextMayStopAndStartAgain() {
		this.runner.run((context) -> {
			ClusterCache<String> cache = context.getBean(ClusterCacheManager.class)
				.createCache("c", CacheSpec.of(String.class));
			cache.set("k", "v");
			context.stop();
			context.start();
			assertThat(cache.get("k")).isEqualTo("v");
		});
	}

	/** Named in {@code beforeName}, so nobody else would notice. */
	@Test
	void autoConfigurationThatOursComesBeforeExists() {
		assertThat(CacheAutoConfiguration.class.getName())
			.isEqualTo("org.springframework.boot.cache.autoconfigure.CacheAutoConfiguration");
	}

	private static @Nullable String roundTrip(ClusterCacheManager caches, @Nullable String store) {
		CacheSpec<String> spec = CacheSpec.of(String.class);
		ClusterCache<String> cache = caches.createCache("round-trip", (store != null) ? spec.withStore(store) : spec);
		cache.set("k", "v");
		return cache.get("k");
	}

	@Configuration(proxyBeanMethods = false)
	@EnableCaching
	static class Caching {

	}

	static final class OwnStore implements CacheStore {

		private @Nullable CacheSettings opened;

		private @Nullable String counter;

		private int closed;

		@Override
		@SuppressWarnings("NullAway") // a store as far as this test goes
		public <T> CacheRegion<T> open(CacheSettings settings, JsonCodec codec) {
			this.opened = settings;
			return null;
		}

		@Override
		@SuppressWarnings("NullAway")
		public Counter counter(String name) {
			this.counter = name;
			return null;
		}

		@Override
		@SuppressWarnings("NullAway")
		public BloomFilter bloomFilter(String name) {
			return null;
		}

		@Override
		public void close() {
			this.closed++;
		}

	}

	static final class OwnManager implements ClusterCacheManager {

		@Override
		public <T> ClusterCache<T> createCache(String name, CacheSpec<T> spec) {
			throw new IllegalStateException();
		}

		@Override
		public <T> ClusterCache<T> getCache(String name, Class<T> type) {
			throw new IllegalStateException();
		}

		@Override
		public Counter createCounter(String name, @Nullable String store) {
			throw new IllegalStateException();
		}

		@Override
		public BloomFilter createBloomFilter(String name, @Nullable String store) {
			throw new IllegalStateException();
		}

		@Override
		public void registerStore(String name, CacheStore store) {
		}

		@Override
		public void flushAll() {
		}

		@Override
		public void close() {
		}

		@Override
		public CacheManager asSpring() {
			return new ConcurrentMapCacheManager();
		}

	}

}
