package com.nocobase.cluster.cache.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.task.SimpleAsyncTaskExecutor;

import com.nocobase.cluster.cache.CacheNodes;
import com.nocobase.cluster.cache.CacheSpec;
import com.nocobase.cluster.cache.ClusterCache;
import com.nocobase.cluster.cache.ClusterCacheManager;
import com.nocobase.cluster.redis.RedisProcess;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A hundred caches with many keys in one Redis.
 */
class CacheScaleTests {

	private static final int CACHES = 100;

	private static final int BATCH = 1_000;

	/** Resets that are not measured: the JVM compiles what it runs meanwhile. */
	private static final int WARM_UP = 3;

	/** Keys of each cache that are looked at. */
	private static final int SAMPLE = 100;

	private final RedisProcess redis = RedisProcess.start();

	private final SimpleAsyncTaskExecutor threads = new SimpleAsyncTaskExecutor("reset-");

	private final List<ClusterCache<Integer>> caches = new ArrayList<>();

	private final List<CacheNodes> nodes = new ArrayList<>();

	@AfterEach
	void stop() {
		this.nodes.forEach(CacheNodes::close);
		this.redis.close();
	}

	/** C7. */
	@ParameterizedTest
	@ValueSource(strings = { "redis", "near" })
	void cachesOpenNeitherConnectionsNorThreads(String store) {
		ClusterCacheManager manager = start(store);
		int connections = connections();
		Set<Thread> before = threads();

		createAndFill(manager, SAMPLE);
		for (int i = 0; i < CACHES; i++) {
			assertThat(manager.createCache("cache-" + i, spec(i))).isSameAs(this.caches.get(i));
			assertThat(this.caches.get(i).mget(keys(0, SAMPLE))).hasSize(SAMPLE);
			assertThat(this.caches.get(i).wrap("loaded", () -> 1)).isEqualTo(1);
		}

		assertNoneOpened(connections, before);
	}

	private void assertNoneOpened(int connections, Set<Thread> before) {
		assertThat(connections()).isEqualTo(connections);
		Set<Thread> started = threads();
		started.removeAll(before);
		// The instance's pool may have got another one by now, whatever the caches do.
		assertThat(started).hasSizeLessThan(3);
	}

	/** C1. */
	@Test
	void resetOfACacheSlowsTheOthersByLessThanAFactorOfTwo() {
		check(1_000, 10, 500);
	}

	@Test
	@Tag("chaos")
	void resetOfACacheSlowsTheOthersByLessThanAFactorOfTwoWithAMillionKeys() {
		check(10_000, 10, 10_000);
	}

	private void check(int keys, int resets, int slice) {
		ClusterCacheManager manager = start("redis");
		int connections = connections();
		Set<Thread> before = threads();
		createAndFill(manager, keys);
		assertNoneOpened(connections, before);
		long size = size();
		ClusterCache<Integer> read = this.caches.get(CACHES - 1);
		List<Long> quiet = new ArrayList<>();
		List<Long> meanwhile = new ArrayList<>();
		for (ClusterCache<Integer> cache : this.caches.subList(0, resets)) {
			for (int i = 0; i < slice; i++) {
				quiet.add(time(read, i));
			}
			CompletableFuture<Void> reset = this.threads.submitCompletable(cache::reset);
			while (!reset.isDone()) {
				meanwhile.add(time(read, meanwhile.size()));
			}
			assertThat(reset).isCompleted();
			if (cache == this.caches.get(WARM_UP - 1)) {
				quiet.clear();
				meanwhile.clear();
			}
		}

		System.out.printf("%s keys: get takes %s us (%s times), %s us while others are reset (%s times)%n", size,
				median(quiet) / 1_000, quiet.size(), median(meanwhile) / 1_000, meanwhile.size());
		assertThat(meanwhile).hasSizeGreaterThan(1_000);
		assertThat(median(meanwhile)).isLessThan(2 * median(quiet));
		assertThat(size - size()).as("removed").isEqualTo((long) resets * keys);
		assertThat(this.caches.subList(0, resets))
			.allSatisfy((cache) -> assertThat(cache.mget(keys(0, BATCH))).isEmpty());
		assertThat(this.caches.subList(resets, CACHES))
			.allSatisfy((cache) -> assertThat(cache.mget(keys(keys - SAMPLE, keys))).hasSize(SAMPLE));
		assertThat(this.caches.get(0).keys("*")).isEmpty();
		assertThat(read.keys("*")).hasSize(keys);
		assertThat(this.redis.command("INFO", "commandstats")).doesNotContain("cmdstat_keys", "cmdstat_flush");
	}

	private static long time(ClusterCache<Integer> cache, int key) {
		long begun = System.nanoTime();
		Integer value = cache.get("key-" + key % BATCH);
		long time = System.nanoTime() - begun;
		assertThat(value).isEqualTo(key % BATCH);
		return time;
	}

	private static long median(List<Long> times) {
		return times.stream().sorted().skip(times.size() / 2).findFirst().orElseThrow();
	}

	private ClusterCacheManager start(String store) {
		CacheNodes started = new CacheNodes(RedisNodes.class, RedisNodes.settings(store, this.redis.properties()));
		this.nodes.add(started);
		return started.start("app-" + UUID.randomUUID()).getBean(ClusterCacheManager.class);
	}

	private void createAndFill(ClusterCacheManager manager, int keys) {
		long begun = System.nanoTime();
		for (int i = 0; i < CACHES; i++) {
			ClusterCache<Integer> cache = manager.createCache("cache-" + i, spec(i));
			for (int from = 0; from < keys; from += BATCH) {
				Map<String, Integer> values = new HashMap<>();
				IntStream.range(from, Math.min(keys, from + BATCH)).forEach((key) -> values.put("key-" + key, key));
				cache.mset(values, null);
			}
			this.caches.add(cache);
		}
		System.out.printf("%s caches with %s keys were filled in %s%n", CACHES, keys,
				Duration.ofNanos(System.nanoTime() - begun));
	}

	private static CacheSpec<Integer> spec(int number) {
		return CacheSpec.of(Integer.class).withPrefix("prefix-" + number);
	}

	private static List<String> keys(int from, int to) {
		return IntStream.range(from, to).mapToObj((key) -> "key-" + key).toList();
	}

	private int connections() {
		return (int) this.redis.command("CLIENT", "LIST").strip().lines().count();
	}

	private long size() {
		return Long.parseLong(this.redis.command("DBSIZE"));
	}

	private static Set<Thread> threads() {
		return new HashSet<>(Thread.getAllStackTraces().keySet());
	}

}
