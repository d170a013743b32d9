package com.nocobase.cluster.cache.redis;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.cache.Cache;

import com.nocobase.cluster.cache.CacheNodes;
import com.nocobase.cluster.cache.CacheSpec;
import com.nocobase.cluster.cache.ClusterCache;
import com.nocobase.cluster.cache.ClusterCacheManager;
import com.nocobase.cluster.redis.RedisProcess;
import com.nocobase.cluster.redis.TcpProxy;
import com.nocobase.cluster.support.ClusterConfigurationException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/**
 * What an instance that keeps copies stores at the server after it has loaded it.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NearFillsTests {

	private final RedisProcess redis = RedisProcess.start();

	private final TcpProxy proxy = TcpProxy.to(this.redis.host(), this.redis.port());

	private final CacheNodes nodes = new CacheNodes(RedisNodes.class, "nocobase.cluster.cache.store=near",
			"nocobase.cluster.cache.ttl=5m", "nocobase.cluster.cache.max-size=10");

	private ClusterCacheManager caches;

	private ClusterCacheManager others;

	private ClusterCache<String> cache;

	private ClusterCache<String> other;

	@BeforeAll
	void start() {
		String app = "app-" + UUID.randomUUID();
		this.caches = this.nodes.start(app, this.proxy.properties()).getBean(ClusterCacheManager.class);
		this.others = this.nodes.start(app, this.redis.properties()).getBean(ClusterCacheManager.class);
	}

	@BeforeEach
	void createCache() {
		String name = "c-" + UUID.randomUUID();
		this.cache = this.caches.createCache(name, CacheSpec.of(String.class));
		this.other = this.others.createCache(name, CacheSpec.of(String.class));
		awaitHeard();
	}

	private void awaitHeard() {
		this.other.set("probe", "here");
		await().until(() -> {
			Cache.ValueWrapper first = this.cache.lookup("probe");
			return first != null && first == this.cache.lookup("probe");
		});
	}

	@AfterAll
	void stop() {
		this.nodes.close();
		this.proxy.close();
		this.redis.close();
	}

	@Test
	void whatWasLoadedAcrossALostConnectionIsNotStored() throws Exception {
		CountDownLatch loading = new CountDownLatch(1);
		CountDownLatch go = new CountDownLatch(1);
		CompletableFuture<String> load = CompletableFuture.supplyAsync(() -> this.cache.wrap("k", () -> {
			loading.countDown();
			go.await(10, TimeUnit.SECONDS);
			return "old";
		}));
		assertThat(loading.await(10, TimeUnit.SECONDS)).isTrue();

		this.proxy.cut();
		this.other.del("k");
		this.proxy.restore();
		this.other.set("probe", "after the loss");
		await().until(() -> "after the loss".equals(this.cache.get("probe")));
		go.countDown();

		assertThat(load.get(10, TimeUnit.SECONDS)).isEqualTo("old");
		assertThat(this.other.get("k")).isNull();
	}

	@Test
	void whatWasStoredBeforeALossIsRemovedAsItMayBeOld() {
		assertThat(this.cache.wrap("k", () -> "loaded")).isEqualTo("loaded");

		this.proxy.killConnections();

		await().until(() -> this.other.get("k") == null);
	}

	/** The value was changed before it was stored, but the news came later. */
	@Test
	void whatWasStoredBeforeLateNewsIsRemoved() {
		this.cache.wrap("k", () -> "old");
		this.cache.wrap("kept", () -> "loaded");

		publishNewsOf("k");

		await().until(() -> this.other.get("k") == null);
		assertThat(this.other.get("kept")).isEqualTo("loaded");
	}

	@Test
	void newsRemoveNothingThatAnotherOneHasSet() {
		this.cache.wrap("k", () -> "loaded");
		this.cache.wrap("last", () -> "loaded");

		this.other.set("k", "set");
		publishNewsOf("last");

		await().until(() -> this.other.get("last") == null);
		assertThat(this.cache.get("k")).isEqualTo("set");
	}

	/** Also one that is the same as what was loaded. */
	@Test
	void newsOfANewValueRemoveNothing() {
		this.cache.wrap("k", () -> "same");
		this.cache.wrap("last", () -> "loaded");

		this.other.set("k", "same");
		publishNewsOf("last");

		await().until(() -> this.other.get("last") == null);
		assertThat(this.cache.get("k")).isEqualTo("same");
	}

	private void publishNewsOf(String key) {
		String scope = this.redis.command("KEYS", "*" + this.cache.name() + "*:" + key)
			.lines()
			.findFirst()
			.orElseThrow();
		String channel = this.redis.command("PUBSUB", "CHANNELS", "*:near:").lines().findFirst().orElseThrow();
		this.redis.command("PUBLISH", channel,
				"-another\n" + scope.substring(0, scope.length() - key.length()) + "\n" + key);
	}

	@Test
	void copyEndsWithTheValueAtTheServer() {
		this.other.set("k", "v", Duration.ofSeconds(1));
		long setAt = System.nanoTime();
		assertThat(this.cache.get("k")).isEqualTo("v");

		await().pollInterval(Duration.ofMillis(1)).until(() -> this.cache.get("k") == null);

		assertThat(Duration.ofNanos(System.nanoTime() - setAt)).isLessThan(Duration.ofSeconds(2));
		assertThat(NearCopy.end(100, RemoteRegion.Timed.FOR_EVER)).isGreaterThan(Duration.ofDays(10_000).toNanos());
	}

	@Test
	void cacheThatIsClearedBeforeItIsCreatedKeepsItsSize() {
		String name = "c-" + UUID.randomUUID();
		Objects.requireNonNull(this.caches.asSpring().getCache(name)).clear();
		ClusterCache<String> large = this.caches.createCache(name, CacheSpec.of(String.class).withMaxSize(1_000));
		List<String> keys = IntStream.range(0, 100).mapToObj(Integer::toString).toList();
		keys.forEach((key) -> large.set(key, "v"));
		keys.forEach(large::get);

		String before = gets();
		keys.forEach((key) -> assertThat(large.get(key)).isEqualTo("v"));

		assertThat(gets()).isEqualTo(before);
	}

	private String gets() {
		return this.redis.command("INFO", "commandstats")
			.lines()
			.filter((line) -> line.startsWith("cmdstat_get:"))
			.map((line) -> line.replaceAll(",.*", ""))
			.findFirst()
			.orElse("");
	}

	@Test
	void keyWithHalfACharacterIsRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.cache.set("k\ud83d", "v"));
		assertThatIllegalArgumentException().isThrownBy(() -> this.cache.get("\ude00\ud83d"));
		this.cache.set("\ud83d\ude00", "v");
		assertThat(this.other.get("\ud83d\ude00")).isEqualTo("v");
	}

	@Test
	void readsFromReplicasStopTheStart() {
		assertThatThrownBy(() -> this.nodes.start("a",
				Stream
					.concat(Stream.of(this.redis.properties()),
							Stream.of("spring.data.redis.lettuce.read-from=replica-preferred"))
					.toArray(String[]::new)))
			.hasRootCauseInstanceOf(ClusterConfigurationException.class)
			.rootCause()
			.hasMessageContaining("reads from replicas");
		this.nodes
			.start("a",
					Stream
						.concat(Stream.of(this.redis.properties()),
								Stream.of("spring.data.redis.lettuce.read-from=upstream"))
						.toArray(String[]::new))
			.close();
	}

}
