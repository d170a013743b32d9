package com.nocobase.cluster.cache;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.task.SimpleAsyncTaskExecutor;

/**
 * One instance for all tests of a class, and names that no other test has.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class CacheFixture {

	/** Long enough for whatever a test waits for. */
	static final Duration LONG = Duration.ofSeconds(10);

	static final Duration SHORT = Duration.ofMillis(150);

	private final SimpleAsyncTaskExecutor executor = new SimpleAsyncTaskExecutor("caller-");

	private final CacheNodes nodes = nodes();

	private @Nullable ConfigurableApplicationContext context;

	/**
	 * Returns the instances.
	 * @return nodes of which none is started
	 */
	protected abstract CacheNodes nodes();

	@BeforeAll
	void start() {
		this.context = startContext("app-" + UUID.randomUUID());
	}

	@AfterAll
	void stop() {
		this.nodes.close();
	}

	ClusterCacheManager start(String app, String... properties) {
		return startContext(app, properties).getBean(ClusterCacheManager.class);
	}

	ConfigurableApplicationContext startContext(String app, String... properties) {
		return this.nodes.start(app, properties);
	}

	@SuppressWarnings("NullAway") // set before all tests
	ConfigurableApplicationContext context() {
		return this.context;
	}

	ClusterCacheManager caches() {
		return context().getBean(ClusterCacheManager.class);
	}

	<T> ClusterCache<T> cache(Class<T> type) {
		return caches().createCache(name(), CacheSpec.of(type));
	}

	static String name() {
		return "test-" + UUID.randomUUID();
	}

	<T> Future<T> async(Callable<T> call) {
		return this.executor.submit(call);
	}

	<T> List<T> atOnce(int callers, Callable<T> call) throws Exception {
		CountDownLatch ready = new CountDownLatch(callers);
		List<Future<T>> futures = new ArrayList<>();
		for (int i = 0; i < callers; i++) {
			futures.add(async(() -> {
				ready.countDown();
				ready.await();
				return call.call();
			}));
		}
		List<T> results = new ArrayList<>();
		for (Future<T> future : futures) {
			results.add(result(future));
		}
		return results;
	}

	static <T> T result(Future<T> future) throws InterruptedException, ExecutionException, TimeoutException {
		return future.get(LONG.toSeconds(), TimeUnit.SECONDS);
	}

	static void waitFor(CountDownLatch latch) throws InterruptedException {
		if (!latch.await(LONG.toSeconds(), TimeUnit.SECONDS)) {
			throw new IllegalStateException("Nobody came");
		}
	}

	record User(long id, String name, List<String> roles, Map<String, Integer> counts) {

		static User named(String name) {
			return new User(1L << 60, name, List.of("admin"), Map.of());
		}

	}

}
