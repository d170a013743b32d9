package com.nocobase.cluster.cache;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/**
 * One loader per key among all instances, where a cache asks for that.
 */
public abstract class ClusterWideLoadContract extends CacheFixture {

	private static final Duration LOAD_TIMEOUT = Duration.ofMillis(800);

	private final List<ClusterCacheManager> instances = new ArrayList<>();

	@BeforeAll
	void startBoth() {
		String app = "app-" + UUID.randomUUID();
		this.instances.add(start(app));
		this.instances.add(start(app));
	}

	private List<ClusterCache<String>> caches(CacheSpec<String> spec) {
		String name = name();
		return this.instances.stream().map((manager) -> manager.createCache(name, spec)).toList();
	}

	private static CacheSpec<String> clusterWide() {
		return CacheSpec.of(String.class).withClusterWide().withLoadTimeout(LONG);
	}

	@Test
	void oneInstanceLoadsAndTheOthersGetItsValue() throws Exception {
		assertThat(loadsOfManyThreadsOnBoth(clusterWide())).containsOnly(1);
	}

	@Test
	void eachInstanceLoadsForItselfWhereNobodyAsksForMore() throws Exception {
		assertThat(loadsOfManyThreadsOnBoth(CacheSpec.of(String.class))).allMatch((loads) -> loads >= 1 && loads <= 2)
			.contains(2);
	}

	private List<Integer> loadsOfManyThreadsOnBoth(CacheSpec<String> spec) throws Exception {
		List<ClusterCache<String>> both = caches(spec);
		List<Integer> loads = new ArrayList<>();
		for (int i = 0; i < 5; i++) {
			String key = "k" + i;
			AtomicInteger loaded = new AtomicInteger();
			AtomicInteger callers = new AtomicInteger();
			assertThat(atOnce(128, () -> both.get(callers.getAndIncrement() % 2).wrap(key, () -> {
				loaded.incrementAndGet();
				await().pollDelay(Duration.ofMillis(50)).until(() -> true);
				return "v";
			}))).containsOnly("v");
			loads.add(loaded.get());
		}
		return loads;
	}

	@Test
	void othersGoOnAtTheDeadlineOfALoaderThatIsNotDone() throws Exception {
		List<ClusterCache<String>> both = caches(clusterWide().withLoadTimeout(LOAD_TIMEOUT));
		CountDownLatch go = new CountDownLatch(1);
		Future<String> hanging = hang(both.get(0), "k", go);
		long begun = System.nanoTime();

		String value = both.get(1).wrap("k", () -> "second");

		assertThat(value).isEqualTo("second");
		assertThat(Duration.ofNanos(System.nanoTime() - begun)).isBetween(LOAD_TIMEOUT.dividedBy(2),
				LOAD_TIMEOUT.plusSeconds(1));
		go.countDown();
		assertThat(result(hanging)).isEqualTo("first");
		assertThat(both.get(1).get("k")).isEqualTo("second");
	}

	@Test
	void keysDoNotWaitForEachOther() throws Exception {
		List<ClusterCache<String>> both = caches(clusterWide());
		CountDownLatch go = new CountDownLatch(1);
		Future<String> slow = hang(both.get(0), "slow", go);

		assertThat(both.get(1).wrap("other", () -> "v")).isEqualTo("v");

		go.countDown();
		result(slow);
	}

	@Test
	void othersLoadWhereALoaderFails() throws Exception {
		List<ClusterCache<String>> both = caches(clusterWide());
		CountDownLatch loading = new CountDownLatch(1);
		CountDownLatch go = new CountDownLatch(1);
		Future<String> failing = async(() -> both.get(0).wrap("k", failing(loading, go)));
		waitFor(loading);
		Future<String> waiting = async(() -> both.get(1).wrap("k", () -> "second"));

		go.countDown();

		assertThatThrownBy(() -> result(failing)).hasRootCauseMessage("no database");
		assertThat(result(waiting)).isEqualTo("second");
	}

	private static Callable<String> failing(CountDownLatch loading, CountDownLatch go) {
		return () -> {
			loading.countDown();
			waitFor(go);
			throw new IllegalStateException("no database");
		};
	}

	@Test
	void othersLoadWhatIsNotCacheable() {
		List<ClusterCache<String>> both = caches(clusterWide());

		assertThat(both.get(0).wrapWithCondition("k", () -> "first", true, (value) -> false, null)).isEqualTo("first");
		assertThat(both.get(1).wrap("k", () -> "second")).isEqualTo("second");
	}

	@Test
	void interruptedWaiterGivesUpAtOnce() throws Exception {
		List<ClusterCache<String>> both = caches(clusterWide());
		CountDownLatch go = new CountDownLatch(1);
		Future<String> slow = hang(both.get(0), "k", go);
		Future<Boolean> waiting = async(() -> {
			Thread.currentThread().interrupt();
			assertThatThrownBy(() -> both.get(1).wrap("k", () -> "second")).isInstanceOf(CacheLoadException.class)
				.hasMessageContaining("Interrupted");
			return Thread.interrupted();
		});

		assertThat(result(waiting)).isTrue();

		go.countDown();
		assertThat(result(slow)).isEqualTo("first");
	}

	@Test
	void othersOfAnInterruptedInstanceGoOn() throws Exception {
		List<ClusterCache<String>> both = caches(clusterWide());
		CountDownLatch go = new CountDownLatch(1);
		Future<String> slow = hang(both.get(0), "k", go);
		Future<String> first = async(() -> both.get(1).wrap("k", () -> "second"));
		Future<String> second = async(() -> both.get(1).wrap("k", () -> "second"));
		await().pollDelay(SHORT).until(() -> true);

		first.cancel(true);
		await().pollDelay(SHORT).until(() -> true);
		go.countDown();

		assertThat(result(slow)).isEqualTo("first");
		assertThat(result(second)).isEqualTo("first");
	}

	@Test
	void eachLoadsForItselfWhereTheFirstHasNoneToGive() throws Exception {
		List<ClusterCache<String>> both = caches(clusterWide());
		CountDownLatch loading = new CountDownLatch(1);
		CountDownLatch go = new CountDownLatch(1);
		Future<String> first = async(() -> both.get(0).wrapWithCondition("k", () -> {
			loading.countDown();
			waitFor(go);
			return "first";
		}, true, (value) -> false, null));
		waitFor(loading);
		Future<String> second = async(() -> both.get(1).wrap("k", () -> "second"));
		await().pollDelay(SHORT).until(() -> true);

		go.countDown();

		assertThat(result(first)).isEqualTo("first");
		assertThat(result(second)).isEqualTo("second");
	}

	private Future<String> hang(ClusterCache<String> cache, String key, CountDownLatch go) throws InterruptedException {
		CountDownLatch loading = new CountDownLatch(1);
		Future<String> load = async(() -> cache.wrap(key, () -> {
			loading.countDown();
			waitFor(go);
			return "first";
		}));
		waitFor(loading);
		return load;
	}

}
