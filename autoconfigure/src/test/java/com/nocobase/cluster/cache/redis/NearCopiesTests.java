package com.nocobase.cluster.cache.redis;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
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

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What an instance serves that keeps copies, while another one changes the values.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NearCopiesTests {

	private static final CacheSpec<String> SPEC = CacheSpec.of(String.class).withTtl(Duration.ofMinutes(5));

	private static final Duration MAX_SILENCE = Duration.ofSeconds(2);

	/** A copy is dropped when the news comes. */
	private static final Duration SOON = Duration.ofMillis(500);

	private final RedisProcess redis = RedisProcess.start();

	private final TcpProxy proxy = TcpProxy.to(this.redis.host(), this.redis.port());

	private final CacheNodes far = new CacheNodes(RedisNodes.class,
			RedisNodes.settings("near", this.proxy.properties(), settings()));

	private final CacheNodes close = new CacheNodes(RedisNodes.class,
			RedisNodes.settings("near", this.redis.properties(), settings()));

	private ClusterCacheManager reading;

	private ClusterCacheManager changing;

	private ClusterCache<String> reader;

	private ClusterCache<String> changer;

	private static String[] settings() {
		return new String[] { "nocobase.cluster.redis.timeout=1s", "nocobase.cluster.cache.retry-after=200ms",
				"nocobase.cluster.redis.max-silence=" + MAX_SILENCE };
	}

	@BeforeAll
	void start() {
		String app = "app-" + UUID.randomUUID();
		this.reading = this.far.start(app).getBean(ClusterCacheManager.class);
		this.changing = this.close.start(app).getBean(ClusterCacheManager.class);
	}

	@BeforeEach
	void createCache() {
		String name = "c-" + UUID.randomUUID();
		this.reader = this.reading.createCache(name, SPEC);
		this.changer = this.changing.createCache(name, SPEC);
		// A copy, which is served without the server, proves that the news are heard.
		this.changer.set("probe", "here");
		await().until(() -> {
			Cache.ValueWrapper first = this.reader.lookup("probe");
			return first != null && first == this.reader.lookup("probe");
		});
	}

	@AfterEach
	void endFaults() {
		this.proxy.resume();
		this.proxy.cut();
		this.proxy.restore();
	}

	@AfterAll
	void stop() {
		this.far.close();
		this.close.close();
		this.proxy.close();
		this.redis.close();
	}

	@Test
	void hitNeedsNoServer() {
		this.changer.mset(Map.of("k", "v", "l", "w"), null);
		assertThat(this.reader.mget(List.of("k", "l"))).hasSize(2);

		String before = this.redis.command("INFO", "commandstats");
		for (int i = 0; i < 1_000; i++) {
			assertThat(this.reader.get("k")).isEqualTo("v");
			assertThat(this.reader.mget(List.of("k", "l"))).containsValues("v", "w");
		}

		assertThat(calls(this.redis.command("INFO", "commandstats"))).isEqualTo(calls(before));
	}

	@Test
	void eachChangeOfAnotherInstanceIsSeenSoon() {
		this.changer.mset(Map.of("set", "old", "deleted", "old", "many", "old"), null);
		assertThat(this.reader.mget(List.of("set", "deleted", "many")).values()).containsOnly("old");

		this.changer.set("set", "new");
		this.changer.del("deleted");
		this.changer.mset(Map.of("many", "new"), Duration.ofMinutes(1));

		await().atMost(SOON).untilAsserted(() -> {
			assertThat(this.reader.get("set")).isEqualTo("new");
			assertThat(this.reader.get("deleted")).isNull();
			assertThat(this.reader.get("many")).isEqualTo("new");
		});
		this.changer.reset();
		await().atMost(SOON).until(() -> this.reader.get("set") == null && this.reader.get("many") == null);
	}

	@Test
	void readersOfAChangingValueNeverSeeAnOldOneForLong() {
		this.changer.set("k", "0");
		CompletableFuture<Void> changes = CompletableFuture
			.runAsync(() -> IntStream.rangeClosed(1, 3_000).forEach((i) -> this.changer.set("k", Integer.toString(i))));

		int last = 0;
		while (!changes.isDone()) {
			String read = this.reader.get("k");
			int value = (read != null) ? Integer.parseInt(read) : last;
			assertThat(value).isGreaterThanOrEqualTo(last);
			last = value;
		}

		changes.join();
		await().atMost(SOON).until(() -> "3000".equals(this.reader.get("k")));
	}

	@Test
	void instanceThatDoesNotHearServesNothingOldPastTheBound() {
		this.changer.set("k", "old");
		assertThat(this.reader.get("k")).isEqualTo("old");

		this.proxy.silence();
		this.changer.set("k", "new");
		long changedAt = System.nanoTime();

		await().pollInterval(Duration.ofMillis(20)).atMost(Duration.ofSeconds(10)).until(() -> {
			long before = System.nanoTime();
			String value = this.reader.get("k");
			boolean late = before - changedAt > MAX_SILENCE.toNanos();
			assertThat(late && "old".equals(value)).isFalse();
			return late;
		});
		this.proxy.resume();
		await().until(() -> {
			String value = this.reader.get("k");
			assertThat(value).isIn(null, "new");
			return value != null;
		});
	}

	@Test
	void copiesFromBeforeALostConnectionAreNotServedAfterIt() {
		for (int round = 0; round < 10; round++) {
			String old = "old" + round;
			this.changer.set("k", old);
			await().until(() -> old.equals(this.reader.get("k")));

			this.proxy.cut();
			this.changer.set("k", "new");
			this.proxy.restore();

			await().until(() -> "new".equals(this.reader.get("k")));
			assertThat(this.reader.get("k")).isEqualTo("new");
		}
	}

	@Test
	void whatWasLoadedBeforeAChangeOfAnotherInstanceIsNotStored() throws Exception {
		CountDownLatch loading = new CountDownLatch(1);
		CountDownLatch changed = new CountDownLatch(1);
		CompletableFuture<String> load = CompletableFuture.supplyAsync(() -> this.reader.wrap("k", () -> {
			loading.countDown();
			changed.await(10, TimeUnit.SECONDS);
			return "old";
		}));
		assertThat(loading.await(10, TimeUnit.SECONDS)).isTrue();

		this.changer.del("k");
		// News come in order: once this one is here, so is the one before.
		this.changer.set("probe", "there");
		await().until(() -> "there".equals(this.reader.get("probe")));
		changed.countDown();

		assertThat(load.get(10, TimeUnit.SECONDS)).isEqualTo("old");
		assertThat(this.changer.lookup("k")).isNull();
		assertThat(this.reader.lookup("k")).isNull();
	}

	/** The news of the change and the answer to the fill come over two connections. */
	@Test
	void whatIsStoredWhileTheNewsOfAChangeAreOnTheirWayIsRemoved() throws Exception {
		List<String> keys = IntStream.range(0, 500).mapToObj((i) -> "k" + i).toList();
		for (String key : keys) {
			CountDownLatch loading = new CountDownLatch(1);
			CompletableFuture<String> load = CompletableFuture.supplyAsync(() -> this.reader.wrap(key, () -> {
				loading.countDown();
				return "old";
			}));
			assertThat(loading.await(10, TimeUnit.SECONDS)).isTrue();

			this.changer.del(key);
			load.get(10, TimeUnit.SECONDS);
		}

		await().atMost(SOON).untilAsserted(() -> {
			assertThat(this.changer.mget(keys)).isEmpty();
			assertThat(this.reader.mget(keys)).isEmpty();
		});
	}

	@Test
	void copyOnReadGivesEachReaderItsOwn() {
		ClusterCache<Object> copying = this.reading.createCache("o-" + UUID.randomUUID(),
				CacheSpec.of(Object.class).withTtl(Duration.ofMinutes(1)).withCopyOnRead());
		copying.set("k", List.of("a"));

		assertThat(copying.get("k")).isEqualTo(List.of("a")).isNotSameAs(copying.get("k"));
	}

	private static long calls(String stats) {
		return stats.lines()
			.filter((line) -> line.startsWith("cmdstat_get:") || line.startsWith("cmdstat_mget:")
					|| line.startsWith("cmdstat_pttl:"))
			.map((line) -> line.replaceAll(".*calls=(\\d+),.*", "$1"))
			.mapToLong(Long::parseLong)
			.sum();
	}

}
