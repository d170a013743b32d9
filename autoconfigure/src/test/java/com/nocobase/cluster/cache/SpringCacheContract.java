package com.nocobase.cluster.cache;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.CachePut;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.cache.interceptor.SimpleKey;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.jdbc.datasource.embedded.EmbeddedDatabase;
import org.springframework.jdbc.datasource.embedded.EmbeddedDatabaseBuilder;
import org.springframework.jdbc.datasource.embedded.EmbeddedDatabaseType;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * What Spring's cache annotations and our caches promise each other on every store.
 */
public abstract class SpringCacheContract extends CacheFixture {

	private @Nullable Users users;

	private @Nullable CacheManager spring;

	@BeforeAll
	void annotated() {
		this.users = context().getBean(Users.class);
		this.spring = context().getBean(CacheManager.class);
	}

	@SuppressWarnings("NullAway") // set before all tests
	private Users users() {
		return this.users;
	}

	@SuppressWarnings("NullAway") // set before all tests
	private Cache view(String name) {
		return this.spring.getCache(name);
	}

	@Test
	void annotatedMethodFillsTheCacheThatCreateCacheGives() {
		int before = users().loads();
		User loaded = users().find("annotated-first");
		ClusterCache<User> cache = caches().createCache("users", CacheSpec.of(User.class));

		assertThat(cache.get("annotated-first")).isEqualTo(loaded);
		assertThat(users().find("annotated-first")).isEqualTo(loaded);
		assertThat(users().loads()).isEqualTo(before + 1);
		users().remove("annotated-first");
		assertThat(cache.lookup("annotated-first")).isNull();
		users().rename("annotated-first");
		assertThat(cache.get("annotated-first")).isEqualTo(User.named("renamed"));
	}

	@Test
	void annotatedMethodReadsTheCacheThatCreateCacheFilled() {
		ClusterCache<List<User>> cache = caches().createCache("all-users",
				CacheSpec.of(new ParameterizedTypeReference<List<User>>() {
				}).withTtl(LONG));
		cache.set("k", List.of(User.named("set")));

		assertThat(users().all("k")).containsExactly(User.named("set"));
		users().removeAll();
		assertThat(users().all("k")).containsExactly(User.named("k"));
		assertThat(cache.ttl("k")).isPresent();
	}

	@Test
	void typeIsReadFromOptionalAndFuture() throws Exception {
		assertThat(users().optional("k")).contains(User.named("k"));
		assertThat(users().optional("k")).contains(User.named("k"));
		assertThat(users().optional("none")).isEmpty();
		assertThat(users().optional("none")).isEmpty();
		assertThat(caches().getCache("optional-users", User.class).lookup("none")).isNotNull();
		for (int i = 0; i < 2; i++) {
			assertThat(result(users().future("k"))).isEqualTo(User.named("k"));
			assertThat(result(users().syncFuture("k"))).isEqualTo(User.named("k"));
		}
		assertThat(caches().getCache("future-users", User.class).get("k")).isEqualTo(User.named("k"));
		assertThat(users().futures()).isEqualTo(2);
	}

	@Test
	void syncMethodLoadsOnceAndSharesWithWrap() throws Exception {
		ClusterCache<Long> cache = caches().createCache("counts", CacheSpec.of(Long.class));

		List<Long> values = atOnce(8, () -> users().count("k"));

		assertThat(values).containsOnly(1L);
		assertThat(cache.wrap("k", () -> 2L)).isEqualTo(1L);
	}

	@Test
	void failureOfASyncMethodReachesItsCaller() {
		assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> users().failing("k"));
		assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> result(users().failingFuture("k")))
			.withCauseInstanceOf(UnsupportedOperationException.class);
	}

	@Test
	void parametersAreTold() {
		assertThat(users().pair("a, b", "c")).isEqualTo("a, b+c");
		assertThat(users().pair("a", "b, c")).isEqualTo("a+b, c");
		assertThat(users().pair("", "")).isEqualTo("+");
		assertThat(users().number(7)).isEqualTo("7");
		assertThat(users().number(null)).isEqualTo("null");
		assertThat(users().nothing()).isEqualTo("nothing");

		assertThat(caches().getCache("texts", String.class).keys("*")).contains("[\"a, b\",\"c\"]", "[\"a\",\"b, c\"]",
				"7", "[null]", "[]");
	}

	@Test
	void methodOfAnotherTypeIsRefused() {
		caches().createCache("typed", CacheSpec.of(Integer.class));

		assertThatIllegalStateException().isThrownBy(() -> users().typed("k"))
			.withMessageContaining("'typed'")
			.withMessageContaining("java.lang.Integer")
			.withMessageContaining("java.lang.String");
	}

	@Test
	void cacheThatIsNotThereYetEvictsButDoesNotRead() {
		String name = name();
		Cache view = view(name);

		view.evict("k");
		view.clear();
		assertThat(view.evictIfPresent("k")).isFalse();
		assertThatIllegalStateException().isThrownBy(() -> view.get("k")).withMessageContaining(name);
		assertThatIllegalStateException().isThrownBy(() -> view.put("k", "v")).withMessageContaining(name);

		caches().createCache(name, CacheSpec.of(String.class));
		view.put("k", "v");
		assertThat(view.get("k", String.class)).isEqualTo("v");
	}

	@Test
	void evictionOfACacheNotThereYetReachesOneCreatedMeanwhile() {
		String evicted = name();
		String cleared = name();

		transaction().executeWithoutResult((status) -> {
			view(evicted).evict("k");
			view(cleared).clear();
			caches().createCache(evicted, CacheSpec.of(String.class));
			caches().createCache(cleared, CacheSpec.of(String.class));
			for (String name : List.of(evicted, cleared)) {
				try {
					result(async(() -> caches().getCache(name, String.class).wrap("k", () -> "old")));
				}
				catch (Exception ex) {
					throw new IllegalStateException(ex);
				}
				assertThat(view(name).get("k")).isNull();
			}
		});

		assertThat(view(evicted).get("k")).isNull();
		assertThat(view(cleared).get("k")).isNull();
	}

	@Test
	void viewDoesWhatTheCacheDoes() throws Exception {
		String name = name();
		ClusterCache<Object> cache = caches().createCache(name, CacheSpec.of(Object.class));
		Cache view = view(name);

		assertThat(view.getName()).isEqualTo(name);
		assertThat(view.getNativeCache()).isSameAs(cache);
		assertThat(view.putIfAbsent("k", "v")).isNull();
		assertThat(view.putIfAbsent("k", "w")).isNotNull().extracting(Cache.ValueWrapper::get).isEqualTo("v");
		assertThat(cache.get("k")).isEqualTo("v");
		assertThat(view.get("k", () -> "w")).isEqualTo("v");
		assertThat(view.get("k", String.class)).isEqualTo("v");
		assertThatIllegalStateException().isThrownBy(() -> view.get("k", Integer.class)).withMessageContaining(name);
		assertThat(view.retrieve("absent")).isNull();
		assertThat(view.retrieve("k")).isNotNull()
			.isCompletedWithValueMatching(
					(hit) -> hit instanceof Cache.ValueWrapper wrapper && "v".equals(wrapper.get()));
		assertThat(result(view.retrieve("async", () -> CompletableFuture.completedFuture("a")))).isEqualTo("a");
		assertThat(cache.get("async")).isEqualTo("a");
		cache.setValueInObject("o", "f", 1);
		assertThat(view.evictIfPresent("o")).isTrue();
		assertThat(view.evictIfPresent("o")).isFalse();
		view.put(1L, null);
		assertThat(cache.lookup("1")).isNotNull();
		view.clear();
		assertThat(cache.keys("*")).isEmpty();
		assertThat(caches().asSpring().getCacheNames()).contains(name);
	}

	@Test
	void loaderOfTheViewFailsWithItsCause() {
		String name = name();
		caches().createCache(name, CacheSpec.of(String.class));

		assertThatExceptionOfType(Cache.ValueRetrievalException.class).isThrownBy(() -> view(name).get("k", () -> {
			throw new java.io.IOException("disk");
		})).withCauseExactlyInstanceOf(java.io.IOException.class);
		assertThatIllegalArgumentException().isThrownBy(() -> view(name).evict("x".repeat(2_000)));
	}

	@Test
	void futureThatNeverCompletesIsGivenUp() throws Exception {
		ConfigurableApplicationContext other = startContext("app-" + name(),
				"nocobase.cluster.cache.load-timeout=100ms");
		other.getBean(ClusterCacheManager.class).createCache("c", CacheSpec.of(String.class));
		SpringCache view = (SpringCache) other.getBean(SpringCaches.class).getCache("c");

		Future<String> never = view.retrieve("k", CompletableFuture::new);

		assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> result(never))
			.withCauseInstanceOf(CacheLoadException.class);
		assertThat(view.get("k")).isNull();
	}

	@Test
	void asyncLoadInATransactionIsNotCached() throws Exception {
		String name = name();
		ClusterCache<String> cache = caches().createCache(name, CacheSpec.of(String.class));
		CountDownLatch called = new CountDownLatch(1);

		CompletableFuture<String> value = transaction().execute((status) -> view(name).retrieve("k", () -> {
			called.countDown();
			return CompletableFuture.completedFuture("uncommitted");
		}));

		waitFor(called);
		assertThat(value).isCompletedWithValue("uncommitted");
		assertThat(cache.lookup("k")).isNull();
	}

	@Test
	void annotatedWritesWaitForTheCommit() {
		ClusterCache<User> cache = caches().createCache("users", CacheSpec.of(User.class));
		cache.set("tx", User.named("before"));

		transaction().executeWithoutResult((status) -> {
			users().remove("tx");
			status.setRollbackOnly();
		});
		assertThat(cache.get("tx")).isEqualTo(User.named("before"));

		transaction().executeWithoutResult((status) -> users().remove("tx"));
		assertThat(cache.lookup("tx")).isNull();
	}

	@Test
	void simpleKeysAreText() {
		CacheKeys keys = new CacheKeys(context().getBean(com.nocobase.cluster.message.JsonCodec.class));

		assertThat(keys.textOf(new SimpleKey("a", 1))).isEqualTo("[\"a\",1]");
		assertThat(keys.textOf(SimpleKey.EMPTY)).isEqualTo("[]");
		assertThat(keys.textOf(" ")).isEqualTo("\" \"");
		assertThat(keys.textOf(Thread.State.NEW)).isEqualTo("NEW");
		assertThat(keys.textOf(List.of(1, 2))).isEqualTo("[1,2]");
		assertThat(keys.textOf(true)).isEqualTo("true");
	}

	private static TransactionTemplate transaction() {
		EmbeddedDatabase database = new EmbeddedDatabaseBuilder().setType(EmbeddedDatabaseType.H2)
			.generateUniqueName(true)
			.build();
		return new TransactionTemplate(new JdbcTransactionManager(database));
	}

	/**
	 * To be imported into the nodes' contexts.
	 */
	@Configuration(proxyBeanMethods = false)
	@EnableCaching
	public static class Annotated {

		@Bean
		Users users() {
			return new Users();
		}

	}

	static class Users {

		private final AtomicInteger loads = new AtomicInteger();

		private final AtomicInteger counts = new AtomicInteger();

		private final AtomicInteger futures = new AtomicInteger();

		int loads() {
			return this.loads.get();
		}

		int futures() {
			return this.futures.get();
		}

		@Cacheable("users")
		User find(String name) {
			this.loads.incrementAndGet();
			return User.named(name);
		}

		@CachePut("users")
		User rename(String name) {
			return User.named("renamed");
		}

		@CacheEvict("users")
		void remove(String name) {
		}

		@Cacheable("all-users")
		List<User> all(String name) {
			return List.of(User.named(name));
		}

		@CacheEvict(cacheNames = "all-users", allEntries = true)
		void removeAll() {
		}

		@Cacheable("optional-users")
		Optional<User> optional(String name) {
			return "none".equals(name) ? Optional.empty() : Optional.of(User.named(name));
		}

		@Cacheable("future-users")
		CompletableFuture<User> future(String name) {
			this.futures.incrementAndGet();
			return CompletableFuture.completedFuture(User.named(name));
		}

		@Cacheable(cacheNames = "sync-future-users", sync = true)
		CompletableFuture<User> syncFuture(String name) {
			this.futures.incrementAndGet();
			return CompletableFuture.supplyAsync(() -> User.named(name));
		}

		@Cacheable(cacheNames = "counts", sync = true)
		long count(String name) {
			return this.counts.incrementAndGet();
		}

		@Cacheable(cacheNames = "failures", sync = true)
		String failing(String name) {
			throw new UnsupportedOperationException("no");
		}

		@Cacheable(cacheNames = "failures", sync = true)
		CompletableFuture<String> failingFuture(String name) {
			return CompletableFuture.failedFuture(new UnsupportedOperationException("no"));
		}

		@Cacheable("texts")
		String pair(String first, String second) {
			return first + "+" + second;
		}

		@Cacheable("texts")
		String number(@Nullable Integer number) {
			return String.valueOf(number);
		}

		@Cacheable("texts")
		String nothing() {
			return "nothing";
		}

		@Cacheable("typed")
		String typed(String name) {
			return name;
		}

	}

}
