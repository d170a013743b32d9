package com.nocobase.cluster.cache.redis;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.core.task.SimpleAsyncTaskExecutor;

import com.nocobase.cluster.cache.CacheNodes;
import com.nocobase.cluster.cache.ClusterCache;
import com.nocobase.cluster.redis.RedisProcess;
import com.nocobase.cluster.support.ChildJvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The process whose turn it is to load a key is killed, so nobody is told that it will
 * never be done.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KilledLoaderTests {

	private static final int WAITING = 16;

	private static final Duration LOAD_TIMEOUT = Duration.ofSeconds(3);

	/** From the beginning of the turn until it is known here. */
	private static final Duration EARLIER = Duration.ofMillis(300);

	private static final Duration SOON = Duration.ofSeconds(1);

	private final RedisProcess redis = RedisProcess.start();

	private final SimpleAsyncTaskExecutor threads = new SimpleAsyncTaskExecutor("waiting-");

	private final String app = "app-" + UUID.randomUUID();

	private final AtomicInteger loads = new AtomicInteger();

	@AfterAll
	void stop() {
		this.redis.close();
	}

	@Test
	void othersGoOnAtItsDeadline() throws Exception {
		String[] settings = RedisNodes.settings("redis", this.redis.properties());
		try (CacheNodes nodes = new CacheNodes(RedisNodes.class, settings);
				ChildJvm child = HangingLoader.start(this.app, LOAD_TIMEOUT, settings)) {
			ClusterCache<String> cache = HangingLoader.cache(nodes, this.app, LOAD_TIMEOUT);
			assertThat(child.ask("k")).isEqualTo("loading");
			long begun = System.nanoTime();
			List<CompletableFuture<String>> waiting = wrap(cache, "k");
			await().until(() -> this.redis.command("HLEN", turn("k")).equals("2"));

			child.kill();

			assertThat(waiting).allSatisfy(
					(each) -> assertThat(each).succeedsWithin(LOAD_TIMEOUT.plus(SOON)).isEqualTo("loaded here"));
			assertThat(since(begun)).isBetween(LOAD_TIMEOUT.minus(EARLIER), LOAD_TIMEOUT.plus(SOON));
			assertThat(this.loads.getAndSet(0)).isEqualTo(1);
			assertThat(cache.get("k")).isEqualTo("loaded here");
			assertNoTurns();
		}
	}

	@Test
	void nobodyWaitsOnceItsTurnIsOver() throws Exception {
		Duration loadTimeout = SOON;
		String[] settings = RedisNodes.settings("near", this.redis.properties());
		try (CacheNodes nodes = new CacheNodes(RedisNodes.class, settings);
				ChildJvm child = HangingLoader.start(this.app, loadTimeout, settings)) {
			ClusterCache<String> cache = HangingLoader.cache(nodes, this.app, loadTimeout);
			assertThat(child.ask("l")).isEqualTo("loading");
			child.kill();
			assertNoTurns();
			long begun = System.nanoTime();

			List<CompletableFuture<String>> waiting = wrap(cache, "l");

			assertThat(waiting)
				.allSatisfy((each) -> assertThat(each).succeedsWithin(loadTimeout).isEqualTo("loaded here"));
			assertThat(since(begun)).isLessThan(loadTimeout.dividedBy(2));
			assertThat(this.loads.getAndSet(0)).isEqualTo(1);
		}
	}

	private List<CompletableFuture<String>> wrap(ClusterCache<String> cache, String key) {
		return IntStream.range(0, WAITING).mapToObj((i) -> this.threads.submitCompletable(() -> cache.wrap(key, () -> {
			this.loads.incrementAndGet();
			return "loaded here";
		}))).toList();
	}

	private void assertNoTurns() {
		await().atMost(LOAD_TIMEOUT.plus(SOON)).until(() -> this.redis.command("KEYS", "*:load:*").isEmpty());
	}

	private String turn(String key) {
		return this.redis.command("KEYS", "*:load:*" + key).strip();
	}

	private static Duration since(long begun) {
		return Duration.ofNanos(System.nanoTime() - begun);
	}

}
