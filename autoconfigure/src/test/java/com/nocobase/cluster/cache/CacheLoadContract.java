package com.nocobase.cluster.cache;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.cache.Cache;

import com.nocobase.cluster.support.Capability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

/**
 * What a cache promises on every store about its loaders.
 */
public abstract class CacheLoadContract extends CacheFixture {

	@Test
	void missingValueIsLoadedOnce() {
		ClusterCache<String> cache = cache(String.class);
		AtomicInteger loads = new AtomicInteger();

		assertThat(cache.wrap("k", () -> "v" + loads.incrementAndGet())).isEqualTo("v1");
		assertThat(cache.wrap("k", () -> "v" + loads.incrementAndGet())).isEqualTo("v1");
		assertThat(cache.get("k")).isEqualTo("v1");
	}

	@Test
	void loadedValueLivesForItsTtl() {
		ClusterCache<String> cache = cache(String.class);

		cache.wrap("k", () -> "v", Duration.ofHours(1));
		cache.wrapWithCondition("l", () -> "v", true, (value) -> true, SHORT);

		assertThat(cache.ttl("k")).isPresent();
		await().untilAsserted(() -> assertThat(cache.lookup("l")).isNull());
	}

	/** C6. */
	@Test
	void falsyValuesAndNullAreNotLoadedAgain() {
		ClusterCache<Object> cache = cache(Object.class);
		AtomicInteger loads = new AtomicInteger();
		int key = 0;
		for (Object value : new @Nullable Object[] { null, 0, false, "" }) {
			String name = "k" + key++;
			for (int i = 0; i < 2; i++) {
				assertThat(cache.wrap(name, () -> counted(loads, value))).isEqualTo(value);
				assertThat(cache.wrapWithCondition(name, () -> counted(loads, value), true, (loaded) -> true, null))
					.isEqualTo(value);
			}
		}
		assertThat(loads).hasValue(4);
	}

	private static @Nullable Object counted(AtomicInteger loads, @Nullable Object value) {
		loads.incrementAndGet();
		return value;
	}

	/** C4. */
	@Test
	void callersOfOneKeyShareALoad() throws Exception {
		ClusterCache<String> cache = cache(String.class);
		AtomicInteger loads = new AtomicInteger();
		AtomicInteger callers = new AtomicInteger();

		List<String> values = atOnce(20, () -> {
			String key = "k";
			return (callers.getAndIncrement() % 2 == 0) ? cache.wrap(key, () -> slow(loads))
					: cache.wrapWithCondition(key, () -> slow(loads), true, (value) -> true, null);
		});

		assertThat(values).hasSize(20).containsOnly("v1");
		assertThat(loads).hasValue(1);
	}

	private static String slow(AtomicInteger loads) {
		int load = loads.incrementAndGet();
		await().pollDelay(SHORT).until(() -> true);
		return "v" + load;
	}

	@Test
	void callersOfAClusterWideCacheShareALoad() throws Exception {
		ClusterCache<String> cache = caches().createCache(name(), CacheSpec.of(String.class).withClusterWide());
		AtomicInteger loads = new AtomicInteger();

		assertThat(atOnce(8, () -> cache.wrap("k", () -> slow(loads)))).containsOnly("v1");
	}

	@Test
	void burstsOfCallersLoadEachKeyOnce() throws Exception {
		ClusterCache<String> cache = cache(String.class);
		for (int i = 0; i < 100; i++) {
			AtomicInteger loads = new AtomicInteger();
			String key = "k" + i;

			atOnce(4, () -> cache.wrap(key, () -> "v" + loads.incrementAndGet()));

			assertThat(loads).hasValue(1);
		}
	}

	/** C5. */
	@Test
	void cachesDoNotShareLoads() throws Exception {
		ClusterCache<String> first = cache(String.class);
		ClusterCache<String> second = cache(String.class);
		CountDownLatch loading = new CountDownLatch(1);
		CountDownLatch go = new CountDownLatch(1);
		Future<String> slow = async(() -> first.wrap("k", () -> {
			loading.countDown();
			waitFor(go);
			return "first";
		}));
		waitFor(loading);

		assertThat(second.wrap("k", () -> "second")).isEqualTo("second");

		go.countDown();
		assertThat(result(slow)).isEqualTo("first");
		assertThat(second.get("k")).isEqualTo("second");
	}

	@Test
	void conditionsDecideAboutTheCache() {
		ClusterCache<String> cache = cache(String.class);
		cache.set("k", "cached");

		assertThat(cache.wrapWithCondition("k", () -> "loaded", false, (value) -> true, null)).isEqualTo("loaded");
		assertThat(cache.wrapWithCondition("k", () -> "loaded", true, (value) -> true, null)).isEqualTo("cached");
		assertThat(cache.wrapWithCondition("l", () -> "loaded", true, (value) -> false, null)).isEqualTo("loaded");
		assertThat(cache.wrapWithCondition("m", () -> "loaded", false, (value) -> true, null)).isEqualTo("loaded");

		assertThat(cache.keys("*")).containsExactly("k");
		assertThat(cache.get("k")).isEqualTo("cached");
	}

	@Test
	void failedLoaderFailsAllWhoWaitAndCachesNothing() throws Exception {
		ClusterCache<String> cache = cache(String.class);
		CountDownLatch loading = new CountDownLatch(1);
		CountDownLatch go = new CountDownLatch(1);
		Future<String> leader = async(() -> cache.wrap("k", () -> {
			loading.countDown();
			waitFor(go);
			throw new UnsupportedOperationException("no");
		}));
		waitFor(loading);
		AtomicInteger loads = new AtomicInteger();
		Future<String> waiter = async(() -> cache.wrap("k", () -> "v" + loads.incrementAndGet()));
		assertThat(waiter.isDone()).isFalse();
		go.countDown();

		for (Future<String> future : List.of(leader, waiter)) {
			try {
				// A waiter that came late loads for itself.
				assertThat(result(future)).isEqualTo("v1");
			}
			catch (ExecutionException ex) {
				assertThat(ex).hasCauseExactlyInstanceOf(UnsupportedOperationException.class);
			}
		}
		assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> result(leader));
		cache.del("k");
		assertThat(cache.wrap("k", () -> "again")).isEqualTo("again");
	}

	@Test
	void whatALoaderThrowsReachesTheCaller() {
		ClusterCache<String> cache = cache(String.class);

		assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> cache.wrap("k", () -> {
			throw new UnsupportedOperationException();
		}));
		assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> cache.wrap("k", () -> {
			throw new AssertionError();
		}));
		assertThatExceptionOfType(CacheLoadException.class).isThrownBy(() -> cache.wrap("k", () -> {
			throw new IOException("disk");
		})).withCauseExactlyInstanceOf(IOException.class);
		assertThatExceptionOfType(UnsupportedOperationException.class)
			.isThrownBy(() -> cache.wrapWithCondition("k", () -> "v", true, (value) -> {
				throw new UnsupportedOperationException();
			}, null));
		assertThat(cache.lookup("k")).isNull();
	}

	@Test
	void interruptedLoaderKeepsTheFlag() {
		ClusterCache<String> cache = cache(String.class);

		assertThatExceptionOfType(CacheLoadException.class).isThrownBy(() -> cache.wrap("k", () -> {
			throw new InterruptedException();
		}));

		assertThat(Thread.interrupted()).isTrue();
	}

	@Test
	void loaderThatAsksForItsOwnKeyFails() {
		ClusterCache<String> cache = cache(String.class);

		assertThatIllegalStateException().isThrownBy(() -> cache.wrap("k", () -> cache.wrap("k", () -> "v")))
			.withMessageContaining("asks for its own key");
		assertThat(cache.wrap("k", () -> cache.wrap("other", () -> "v"))).isEqualTo("v");
	}

	@Test
	void loaderThatNeverReturnsIsPassedOver() throws Exception {
		ClusterCacheManager manager = start("app-" + name());
		ClusterCache<String> cache = manager.createCache(name(),
				CacheSpec.of(String.class).withLoadTimeout(Duration.ofMillis(500)));
		CountDownLatch hanging = new CountDownLatch(1);
		CountDownLatch never = new CountDownLatch(1);
		Future<String> first = async(() -> cache.wrap("k", () -> {
			hanging.countDown();
			waitFor(never);
			return "late";
		}));
		waitFor(hanging);
		AtomicInteger loads = new AtomicInteger();

		List<String> values = atOnce(8, () -> cache.wrap("k", () -> "v" + loads.incrementAndGet()));

		assertThat(values).containsOnly("v1");
		assertThat(loads).hasValue(1);
		assertThat(((Capability) manager).health().up()).isFalse();
		never.countDown();
		assertThat(result(first)).isEqualTo("late");
		assertThat(((Capability) manager).health().up()).isTrue();
	}

	@Test
	void whoHasWaitedForTwoLoadersGivesUp() throws Exception {
		ClusterCache<String> cache = caches().createCache(name(),
				CacheSpec.of(String.class).withLoadTimeout(Duration.ofMillis(50)));
		CountDownLatch never = new CountDownLatch(1);
		CountDownLatch hanging = new CountDownLatch(1);
		AtomicInteger loads = new AtomicInteger();
		Future<String> first = async(() -> cache.wrap("k", () -> hang(hanging, never)));
		waitFor(hanging);

		List<Object> outcomes = atOnce(6, () -> {
			try {
				return async(() -> cache.wrap("k", () -> {
					loads.incrementAndGet();
					return hang(hanging, never);
				})).get(1, java.util.concurrent.TimeUnit.SECONDS);
			}
			catch (ExecutionException ex) {
				return ex.getCause();
			}
			catch (java.util.concurrent.TimeoutException ex) {
				return "loading";
			}
		});

		assertThat(outcomes).hasAtLeastOneElementOfType(CacheLoadException.class).contains("loading");
		assertThat(loads.get()).isLessThan(6);
		never.countDown();
		result(first);
	}

	private static String hang(CountDownLatch hanging, CountDownLatch never) throws InterruptedException {
		hanging.countDown();
		waitFor(never);
		return "late";
	}

	@Test
	void loadBegunBeforeADeletionIsNotStored() throws Exception {
		loadIsNotStored((cache) -> cache.del("k"));
		loadIsNotStored((cache) -> cache.mdel(List.of("j", "k")));
		loadIsNotStored(ClusterCache::reset);
	}

	private void loadIsNotStored(java.util.function.Consumer<ClusterCache<String>> write) throws Exception {
		ClusterCache<String> cache = cache(String.class);
		CountDownLatch loading = new CountDownLatch(1);
		CountDownLatch go = new CountDownLatch(1);
		Future<String> old = async(() -> cache.wrap("k", () -> hang(loading, go)));
		waitFor(loading);

		write.accept(cache);

		// Who comes after the write does not get what was read before it.
		assertThat(cache.wrapWithCondition("k", () -> "new", true, (value) -> false, null)).isEqualTo("new");
		go.countDown();
		assertThat(result(old)).isEqualTo("late");
		assertThat(cache.lookup("k")).isNull();
	}

	@Test
	void loadBegunBeforeASetDoesNotOverwriteIt() throws Exception {
		ClusterCache<Object> cache = cache(Object.class);
		CountDownLatch loading = new CountDownLatch(2);
		CountDownLatch go = new CountDownLatch(1);
		Future<Object> value = async(() -> cache.wrap("k", () -> hang(loading, go)));
		Future<Object> object = async(() -> cache.wrap("o", () -> hang(loading, go)));
		waitFor(loading);

		cache.set("k", "set");
		cache.setValueInObject("o", "f", 1);
		go.countDown();

		assertThat(result(value)).isEqualTo("late");
		assertThat(result(object)).isEqualTo("late");
		assertThat(cache.get("k")).isEqualTo("set");
		assertThat(cache.getValueInObject("o", "f", Integer.class)).isEqualTo(1);
	}

	/**
	 * A value is written to the "database", then to the cache. Whatever interleaving:
	 * once the writer is done, the cache never has an older value.
	 */
	@Test
	void noOldValueStaysAfterAWrite() throws Exception {
		ClusterCache<Integer> cache = cache(Integer.class);
		AtomicInteger database = new AtomicInteger();
		for (int i = 1; i <= 300; i++) {
			int version = i;
			Future<Integer> reader = async(() -> cache.wrap("k", database::get));
			Future<Integer> other = async(() -> cache.wrap("k", database::get));
			database.set(version);
			if (version % 3 == 0) {
				cache.set("k", version);
			}
			else if (version % 3 == 1) {
				cache.del("k");
			}
			else {
				cache.reset();
			}
			assertThat(cache.wrap("k", database::get)).isEqualTo(version);
			result(reader);
			result(other);
			Cache.ValueWrapper cached = cache.lookup("k");
			assertThat((cached != null) ? cached.get() : version).isEqualTo(version);
		}
	}

}
