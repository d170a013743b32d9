package com.nocobase.cluster.cache.redis;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

import com.nocobase.cluster.cache.BloomFilter;
import com.nocobase.cluster.cache.CacheNodes;
import com.nocobase.cluster.cache.ClusterCacheManager;
import com.nocobase.cluster.cache.Counter;
import com.nocobase.cluster.redis.QuickReconnects;
import com.nocobase.cluster.redis.RedisProcess;
import com.nocobase.cluster.redis.TcpProxy;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Connections that are lost between execution and reply, after which the client sends the
 * request again.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LostRepliesTests {

	private final RedisProcess redis = RedisProcess.start();

	private final TcpProxy proxy = TcpProxy.to(this.redis.host(), this.redis.port());

	private final CacheNodes nodes = new CacheNodes(Quick.class, settings(this.proxy));

	private final String name = "n-" + UUID.randomUUID();

	private ClusterCacheManager caches;

	private static String[] settings(TcpProxy proxy) {
		List<String> settings = new ArrayList<>(List.of(proxy.properties()));
		settings.add("nocobase.cluster.cache.store=redis");
		settings.add("nocobase.cluster.redis.timeout=20s");
		return settings.toArray(String[]::new);
	}

	@BeforeAll
	void start() {
		this.caches = this.nodes.start("app-" + UUID.randomUUID()).getBean(ClusterCacheManager.class);
	}

	@AfterEach
	void loseNothing() {
		this.proxy.dropNothing();
	}

	@AfterAll
	void stop() {
		this.nodes.close();
		this.proxy.close();
		this.redis.close();
	}

	@Test
	void eachHitCountsOnce() {
		Counter counter = this.caches.createCounter(this.name, null);
		int before = this.proxy.dropped();
		loseEvery(2, ":counter:");

		for (long hit = 1; hit <= 1_000; hit++) {
			assertThat(counter.incr("k")).isEqualTo(hit);
		}

		assertThat(this.proxy.dropped() - before).isGreaterThanOrEqualTo(1_000);
		assertThat(counter.get("k")).isEqualTo(1_000);
	}

	/** C10. */
	@Test
	void hitsOfManyThreadsCountOnceEachAlsoWhereTheServerForgetsTheScript() {
		Counter counter = this.caches.createCounter(this.name, null);
		ConcurrentLinkedQueue<Long> counts = new ConcurrentLinkedQueue<>();
		loseEvery(5, ":counter:");

		CompletableFuture<?>[] threads = IntStream.range(0, 8).mapToObj((thread) -> CompletableFuture.runAsync(() -> {
			for (int i = 0; i < 50; i++) {
				counts.add(counter.incr("shared"));
				if (i % 10 == thread) {
					this.redis.command("SCRIPT", "FLUSH");
				}
			}
		})).toArray(CompletableFuture<?>[]::new);
		CompletableFuture.allOf(threads).join();

		assertThat(counts).containsExactlyInAnyOrderElementsOf(LongStream.rangeClosed(1, 400).boxed().toList());
		assertThat(counter.get("shared")).isEqualTo(400);
	}

	@Test
	void whoAddsAnItemFirstIsToldSo() {
		BloomFilter filter = this.caches.createBloomFilter(this.name, null);
		filter.reserve("k", 0.000_001, 10_000);
		loseEvery(2, ":bloom:");

		for (int item = 0; item < 1_000; item++) {
			assertThat(filter.add("k", "item" + item)).as("item %s", item).isTrue();
		}

		assertThat(IntStream.range(0, 1_000)).allMatch((item) -> filter.exists("k", "item" + item));
	}

	private void loseEvery(int nth, String key) {
		AtomicInteger seen = new AtomicInteger();
		this.proxy.dropReplies(Integer.MAX_VALUE,
				(request) -> request.contains("EVALSHA") && request.contains(key) && seen.incrementAndGet() % nth == 1);
	}

	@Configuration(proxyBeanMethods = false)
	@Import({ RedisNodes.class, QuickReconnects.class })
	static class Quick {

	}

}
