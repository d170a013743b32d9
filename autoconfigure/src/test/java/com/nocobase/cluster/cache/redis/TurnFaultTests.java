package com.nocobase.cluster.cache.redis;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.task.SimpleAsyncTaskExecutor;

import com.nocobase.cluster.cache.CacheNodes;
import com.nocobase.cluster.cache.CacheSpec;
import com.nocobase.cluster.cache.ClusterCache;
import com.nocobase.cluster.cache.ClusterCacheManager;
import com.nocobase.cluster.redis.QuickReconnects;
import com.nocobase.cluster.redis.RedisProcess;
import com.nocobase.cluster.redis.TcpProxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Turns at loading over a connection that breaks.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TurnFaultTests {

	private static final Duration LOAD_TIMEOUT = Duration.ofSeconds(20);

	private final Executor threads = new SimpleAsyncTaskExecutor("caller-");

	private final RedisProcess redis = RedisProcess.start();

	private final TcpProxy proxy = TcpProxy.to(this.redis.host(), this.redis.port());

	private final CacheNodes broken = nodes(this.proxy.properties());

	private final CacheNodes others = nodes(this.redis.properties());

	private ClusterCache<String> cache;

	private ClusterCache<String> other;

	private static CacheNodes nodes(String[] server) {
		return new CacheNodes(Quick.class, RedisNodes.settings("redis", server, "nocobase.cluster.redis.timeout=2s"));
	}

	@BeforeAll
	void start() {
		String app = "app-" + UUID.randomUUID();
		CacheSpec<String> spec = CacheSpec.of(String.class)
			.withTtl(Duration.ofMinutes(5))
			.withClusterWide()
			.withLoadTimeout(LOAD_TIMEOUT);
		this.cache = this.broken.start(app).getBean(ClusterCacheManager.class).createCache("c", spec);
		this.other = this.others.start(app).getBean(ClusterCacheManager.class).createCache("c", spec);
	}

	@BeforeEach
	void awaitReachable() {
		await().until(() -> {
			this.cache.set("probe", "v");
			return this.cache.get("probe") != null;
		});
	}

	@AfterEach
	void endFaults() {
		this.proxy.dropNothing();
	}

	@AfterAll
	void stop() {
		this.broken.close();
		this.others.close();
		this.proxy.close();
		this.redis.close();
	}

	@Test
	void turnWhoseReplyIsLostIsTakenOnceAndGivenBack() {
		AtomicInteger seen = new AtomicInteger();
		this.proxy.dropReplies(Integer.MAX_VALUE, (request) -> request.contains("EVALSHA") && request.contains(":load:")
				&& seen.incrementAndGet() % 2 == 1);

		for (int i = 0; i < 100; i++) {
			String key = "lost" + i;
			assertThat(this.cache.wrap(key, () -> "v")).isEqualTo("v");
		}

		assertThat(seen).hasValueGreaterThan(100);
		this.proxy.dropNothing();
		await().until(() -> this.redis.command("KEYS", "*:load:*").isEmpty());
	}

	@Test
	void whoIsCutOffLoadsForItself() throws Exception {
		CountDownLatch loading = new CountDownLatch(1);
		CountDownLatch go = new CountDownLatch(1);
		CompletableFuture<String> slow = async(() -> this.other.wrap("cut", () -> {
			loading.countDown();
			go.await(20, TimeUnit.SECONDS);
			return "others";
		}));
		assertThat(loading.await(10, TimeUnit.SECONDS)).isTrue();
		this.proxy.cut();

		long begun = System.nanoTime();
		assertThat(this.cache.wrap("cut", () -> "own")).isEqualTo("own");

		assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(LOAD_TIMEOUT.dividedBy(2));
		this.proxy.restore();
		go.countDown();
		assertThat(slow.join()).isEqualTo("others");
	}

	@Test
	void newsThatAreLostDelayNobodyForLong() throws Exception {
		CountDownLatch loading = new CountDownLatch(1);
		CountDownLatch go = new CountDownLatch(1);
		CompletableFuture<String> slow = async(() -> this.cache.wrap("news", () -> {
			loading.countDown();
			go.await(20, TimeUnit.SECONDS);
			return "v";
		}));
		assertThat(loading.await(10, TimeUnit.SECONDS)).isTrue();
		CompletableFuture<String> waiting = async(() -> this.other.wrap("news", () -> "not loaded"));
		// Nobody is told now.
		await().until(this::forgetWaiters);

		go.countDown();

		assertThat(slow.join()).isEqualTo("v");
		assertThat(waiting).succeedsWithin(LOAD_TIMEOUT.dividedBy(2)).isEqualTo("v");
	}

	private <T> CompletableFuture<T> async(Supplier<T> call) {
		// The common pool may have a single thread.
		return CompletableFuture.supplyAsync(call, this.threads);
	}

	private boolean forgetWaiters() {
		return texts("KEYS", "*:load:*news").stream()
			.anyMatch((turn) -> texts("HKEYS", turn).stream()
				.anyMatch((waiter) -> "1".equals(this.redis.command("HDEL", turn, waiter))));
	}

	private List<String> texts(String... command) {
		return Stream.of(this.redis.command(command).split("\n")).filter((line) -> !line.isBlank()).toList();
	}

	@Configuration(proxyBeanMethods = false)
	@Import({ RedisNodes.class, QuickReconnects.class })
	static class Quick {

	}

}
