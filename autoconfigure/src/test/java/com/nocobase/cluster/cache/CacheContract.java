package com.nocobase.cluster.cache;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.cache.Cache;
import org.springframework.core.ParameterizedTypeReference;

import com.nocobase.cluster.message.PayloadException;
import com.nocobase.cluster.message.PayloadTooLargeException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

/**
 * What a cache promises on every store: values, keys, times and objects.
 */
public abstract class CacheContract extends CacheFixture {

	@Test
	void valueComesBack() {
		ClusterCache<User> cache = cache(User.class);

		cache.set("u", User.named("a"));

		assertThat(cache.get("u")).isEqualTo(User.named("a"));
		assertThat(cache.get("other")).isNull();
	}

	/** C6. */
	@Test
	void falsyValuesAndNullAreHits() {
		ClusterCache<Object> cache = cache(Object.class);

		cache.set("zero", 0);
		cache.set("false", false);
		cache.set("empty", "");
		cache.set("null", null);

		assertThat(cache.get("zero")).isEqualTo(0);
		assertThat(cache.get("false")).isEqualTo(false);
		assertThat(cache.get("empty")).isEqualTo("");
		assertThat(cache.lookup("null")).isNotNull().extracting(Cache.ValueWrapper::get).isNull();
		assertThat(cache.lookup("absent")).isNull();
	}

	@Test
	void anyValueOfJsonFitsIntoACacheOfObjects() {
		ClusterCache<Object> cache = cache(Object.class);
		Map<String, Object> value = Map.of("text", "t", "number", 1, "long", 1L << 60, "list", List.of(1, "a"), "map",
				Map.of("k", true));

		cache.set("k", value);

		assertThat(cache.get("k")).isEqualTo(value);
	}

	@Test
	void typeArgumentsAreKept() {
		ClusterCache<List<User>> cache = caches().createCache(name(),
				CacheSpec.of(new ParameterizedTypeReference<List<User>>() {
				}));

		cache.set("k", List.of(User.named("a")));

		assertThat(cache.get("k")).containsExactly(User.named("a"));
	}

	/** C8. */
	@Test
	void laterChangeOfTheValueIsNeverSeen() {
		ClusterCache<Object> cache = cache(Object.class);
		List<String> value = new ArrayList<>(List.of("a"));
		cache.set("k", value);
		List<?> loaded = (List<?>) cache.wrap("loaded", () -> value);

		value.add("b");

		assertThat(cache.get("k")).isEqualTo(List.of("a"));
		assertThat(cache.get("loaded")).isEqualTo(List.of("a"));
		assertThat(loaded).hasSize(1);
	}

	/** C8. */
	@Test
	@SuppressWarnings("unchecked")
	void copyOnReadGivesEachReaderACopy() {
		ClusterCache<Object> cache = caches().createCache(name(), CacheSpec.of(Object.class).withCopyOnRead());
		List<String> loaded = (List<String>) cache.wrap("k", () -> List.of("a"));
		List<String> first = (List<String>) cache.get("k");
		List<String> second = (List<String>) cache.mget(Set.of("k")).get("k");

		Arrays.asList(loaded, first, second).forEach((list) -> list.add("b"));

		assertThat(cache.get("k")).isEqualTo(List.of("a"));
	}

	@Test
	void valueThatJsonCannotCarryFailsWhenItIsSet() {
		ClusterCache<Object> cache = cache(Object.class);
		List<Object> cycle = new ArrayList<>();
		cycle.add(cycle);
		Map<String, Object> values = new LinkedHashMap<>();
		values.put("good", "v");
		values.put("bad", cycle);

		assertThatExceptionOfType(PayloadException.class).isThrownBy(() -> cache.set("k", cycle));
		assertThatExceptionOfType(PayloadException.class)
			.isThrownBy(() -> cache.set("k", new CompletableFuture<String>()));
		assertThatExceptionOfType(PayloadException.class).isThrownBy(() -> cache.mset(values, null));
		assertThatExceptionOfType(PayloadException.class).isThrownBy(() -> cache.wrap("k", () -> cycle));
		assertThatExceptionOfType(PayloadException.class).isThrownBy(() -> cache.setValueInObject("o", "f", cycle));
		assertThat(cache.keys("*")).isEmpty();
	}

	@Test
	void valueOverTheLimitIsRefused() {
		ClusterCache<String> cache = cache(String.class);

		assertThatExceptionOfType(PayloadTooLargeException.class)
			.isThrownBy(() -> cache.set("k", "x".repeat(1024 * 1024)));
		assertThat(cache.lookup("k")).isNull();
	}

	@Test
	void deletedEntriesAreAbsent() {
		ClusterCache<String> cache = cache(String.class);
		cache.mset(Map.of("a", "1", "b", "2", "c", "3", "d", "4"), null);

		cache.del("a");
		cache.mdel(List.of("b", "c", "b", "never"));
		cache.mdel(List.of());

		assertThat(cache.keys("*")).containsExactly("d");
	}

	@Test
	void manyAreReadAndWrittenAtOnce() {
		ClusterCache<String> cache = cache(String.class);
		Map<String, @Nullable String> values = new HashMap<>();
		values.put("a", "1");
		values.put("null", null);

		cache.mset(values, null);
		cache.mset(Map.of(), null);

		assertThat(cache.mget(List.of("a", "null", "absent", "a"))).hasSize(2)
			.containsEntry("a", "1")
			.containsEntry("null", null);
		assertThat(cache.mget(List.of())).isEmpty();
	}

	@Test
	void entryLivesForItsTtl() {
		ClusterCache<String> cache = caches().createCache(name(), CacheSpec.of(String.class).withTtl(SHORT));

		cache.set("default", "v");
		cache.set("own", "v", Duration.ofHours(1));
		cache.mset(Map.of("many", "v"), SHORT);

		await().untilAsserted(() -> assertThat(cache.keys("*")).containsExactly("own"));
		assertThat(cache.lookup("default")).isNull();
		assertThat(cache.ttl("default")).isEmpty();
		assertThat(cache.ttl("own"))
			.hasValueSatisfying((left) -> assertThat(left).isBetween(Duration.ofMinutes(59), Duration.ofHours(1)));
	}

	@Test
	void entryWithoutTtlLivesForEver() {
		ClusterCache<String> cache = cache(String.class);

		cache.set("k", "v");
		cache.set("long", "v", Duration.ofSeconds(Long.MAX_VALUE));

		assertThat(cache.ttl("k")).isEmpty();
		assertThat(cache.get("k")).isEqualTo("v");
		assertThat(cache.get("long")).isEqualTo("v");
	}

	@Test
	void settingAgainSetsTheTtlAgain() {
		ClusterCache<String> cache = cache(String.class);
		cache.set("k", "v", Duration.ofHours(1));

		cache.set("k", "w");

		assertThat(cache.ttl("k")).isEmpty();
	}

	@Test
	void jitterSpreadsTheTtlOfEntriesStoredTogether() {
		ClusterCache<Integer> cache = caches().createCache(name(),
				CacheSpec.of(Integer.class).withTtl(Duration.ofHours(1)).withJitter(0.5));
		Map<String, Integer> values = new HashMap<>();
		IntStream.range(0, 20).forEach((i) -> values.put("k" + i, i));

		cache.mset(values, null);

		assertThat(values.keySet()).allSatisfy((key) -> assertThat(cache.ttl(key).orElseThrow())
			.isBetween(Duration.ofMinutes(29), Duration.ofHours(1)));
		assertThat(values.keySet().stream().map((key) -> cache.ttl(key).orElseThrow().toMinutes()).distinct())
			.hasSizeGreaterThan(1);
	}

	/** C2. */
	@Test
	void keysAreNamedAsTheCallerNamedThem() {
		ClusterCache<String> cache = caches().createCache(name(), CacheSpec.of(String.class).withPrefix(name() + ":*"));
		cache.mset(Map.of("user:1", "a", "user:22", "b", "role:1", "c", "a*b", "d", "[x]", "e"), null);

		assertThat(cache.keys("*")).containsExactlyInAnyOrder("user:1", "user:22", "role:1", "a*b", "[x]");
		assertThat(cache.keys("user:?")).containsExactly("user:1");
		assertThat(cache.keys("*:1")).containsExactlyInAnyOrder("user:1", "role:1");
		assertThat(cache.keys("[x]")).containsExactly("[x]");
		assertThat(cache.keys("user")).isEmpty();
		assertThat(cache.mget(cache.keys("*:1"))).isEqualTo(Map.of("user:1", "a", "role:1", "c"));
	}

	/** C1 and C5 of a shared key. */
	@Test
	void resetRemovesTheEntriesOfThisCacheAlone() {
		String name = name();
		ClusterCache<String> cache = caches().createCache(name, CacheSpec.of(String.class));
		ClusterCache<String> longer = caches().createCache(name + ":b", CacheSpec.of(String.class));
		caches().createCounter(name, null).incr("k");
		cache.set("k", "1");
		cache.setValueInObject("object", "f", 1);
		longer.set("k", "2");

		cache.reset();

		assertThat(cache.keys("*")).isEmpty();
		assertThat(longer.get("k")).isEqualTo("2");
		assertThat(caches().createCounter(name, null).get("k")).isEqualTo(1);
	}

	@Test
	void flushRemovesTheEntriesOfAllCaches() {
		ClusterCacheManager other = start("app-" + name());
		ClusterCache<String> first = other.createCache("first", CacheSpec.of(String.class));
		ClusterCache<String> second = other.createCache("second", CacheSpec.of(String.class));
		ClusterCache<String> foreign = caches().createCache("first", CacheSpec.of(String.class));
		first.set("k", "1");
		second.set("k", "2");
		foreign.set("k", "3");

		other.flushAll();

		assertThat(first.get("k")).isNull();
		assertThat(second.get("k")).isNull();
		assertThat(foreign.get("k")).isEqualTo("3");
	}

	/** C3. */
	@Test
	void concurrentFieldsOfAnObjectAreAllKept() throws Exception {
		ClusterCache<Object> cache = cache(Object.class);
		AtomicInteger next = new AtomicInteger();

		atOnce(50, () -> {
			int i = next.getAndIncrement();
			cache.setValueInObject("o", "f" + i, i);
			return i;
		});

		assertThat(IntStream.range(0, 50))
			.allSatisfy((i) -> assertThat(cache.getValueInObject("o", "f" + i, Integer.class)).isEqualTo(i));
	}

	/** C3. */
	@Test
	void fieldsKeepTheTtlOfTheirObject() {
		ClusterCache<Object> cache = caches().createCache(name(),
				CacheSpec.of(Object.class).withTtl(Duration.ofSeconds(1)));
		cache.setValueInObject("o", "a", 1);
		Duration before = cache.ttl("o").orElseThrow();

		await().pollInterval(Duration.ofMillis(20)).untilAsserted(() -> {
			cache.setValueInObject("o", "b", 2);
			cache.delValueInObject("o", "b");
			assertThat(cache.ttl("o").orElseThrow()).isLessThan(before.minusMillis(50));
		});
		await().untilAsserted(() -> assertThat(cache.getValueInObject("o", "a", Integer.class)).isNull());
		cache.setValueInObject("o", "c", 3);
		assertThat(cache.ttl("o").orElseThrow()).isGreaterThan(Duration.ofMillis(200));
	}

	@Test
	void fieldsCarryAnyJson() {
		ClusterCache<Object> cache = cache(Object.class);

		cache.setValueInObject("o", "user", User.named("a"));
		cache.setValueInObject("o", "empty", List.of());
		cache.setValueInObject("o", "null", null);

		assertThat(cache.getValueInObject("o", "user", User.class)).isEqualTo(User.named("a"));
		assertThat((Object) cache.getValueInObject("o", "empty", List.class)).isEqualTo(List.of());
		assertThat(cache.getValueInObject("o", "null", String.class)).isNull();
		assertThat(cache.getValueInObject("o", "absent", String.class)).isNull();
		assertThat(cache.getValueInObject("absent", "f", String.class)).isNull();
	}

	@Test
	void objectWithoutFieldsIsAbsent() {
		ClusterCache<Object> cache = cache(Object.class);
		cache.setValueInObject("o", "f", 1);

		cache.delValueInObject("o", "f");
		cache.delValueInObject("never", "f");

		assertThat(cache.keys("*")).isEmpty();
		assertThat(cache.lookup("o")).isNull();
	}

	@Test
	void valueAndObjectAreNotMixed() {
		ClusterCache<Object> cache = cache(Object.class);
		cache.set("value", "v");
		cache.setValueInObject("object", "f", 1);

		assertThatIllegalStateException().isThrownBy(() -> cache.getValueInObject("value", "f", String.class))
			.withMessageContaining("value");
		assertThatIllegalStateException().isThrownBy(() -> cache.setValueInObject("value", "f", 1));
		assertThatIllegalStateException().isThrownBy(() -> cache.delValueInObject("value", "f"));
		assertThatIllegalStateException().isThrownBy(() -> cache.get("object")).withMessageContaining("object");
		assertThat(cache.mget(List.of("object", "value"))).containsOnlyKeys("value");
		assertThatIllegalStateException().isThrownBy(() -> cache.wrap("object", () -> 1));
		cache.set("object", "now a value");
		cache.del("value");
		cache.setValueInObject("value", "f", 1);
		assertThat(cache.get("object")).isEqualTo("now a value");
	}

	@Test
	void badArgumentsAreRefused() {
		ClusterCache<String> cache = cache(String.class);
		String tooLong = "x".repeat(10_000);

		for (String key : List.of("", "  ", tooLong)) {
			assertThatIllegalArgumentException().isThrownBy(() -> cache.get(key)).withMessageStartingWith("key must");
			assertThatIllegalArgumentException().isThrownBy(() -> cache.set(key, "v"));
			assertThatIllegalArgumentException().isThrownBy(() -> cache.del(key));
			assertThatIllegalArgumentException().isThrownBy(() -> cache.ttl(key));
			assertThatIllegalArgumentException().isThrownBy(() -> cache.mget(List.of("good", key)));
			assertThatIllegalArgumentException().isThrownBy(() -> cache.mset(Map.of("good", "v", key, "v"), null));
			assertThatIllegalArgumentException().isThrownBy(() -> cache.mdel(List.of("good", key)));
			assertThatIllegalArgumentException().isThrownBy(() -> cache.wrap(key, () -> "v"));
			assertThatIllegalArgumentException().isThrownBy(() -> cache.keys(key));
			assertThatIllegalArgumentException().isThrownBy(() -> cache.setValueInObject(key, "f", 1));
			assertThatIllegalArgumentException().isThrownBy(() -> cache.setValueInObject("o", key, 1))
				.withMessageStartingWith("field must");
			assertThatIllegalArgumentException()
				.isThrownBy(() -> caches().createCache(key, CacheSpec.of(String.class)));
		}
		for (Duration ttl : List.of(Duration.ZERO, Duration.ofMillis(-1))) {
			assertThatIllegalArgumentException().isThrownBy(() -> cache.set("k", "v", ttl))
				.withMessage("ttl must be positive, but is " + ttl);
			assertThatIllegalArgumentException().isThrownBy(() -> cache.mset(Map.of("k", "v"), ttl));
			assertThatIllegalArgumentException().isThrownBy(() -> cache.wrap("k", () -> "v", ttl));
			assertThatIllegalArgumentException().isThrownBy(() -> CacheSpec.of(String.class).withTtl(ttl));
			assertThatIllegalArgumentException().isThrownBy(() -> CacheSpec.of(String.class).withLoadTimeout(ttl));
		}
		assertThatIllegalArgumentException().isThrownBy(() -> CacheSpec.of(String.class).withMaxSize(0));
		assertThatIllegalArgumentException().isThrownBy(() -> CacheSpec.of(String.class).withJitter(1.1));
		assertThatIllegalArgumentException().isThrownBy(() -> CacheSpec.of(String.class).withPrefix(" "));
		assertThat(cache.keys("*")).isEmpty();
	}

	/** C7. */
	@Test
	void equalSpecificationGivesTheSameCache() {
		String name = name();
		ClusterCache<String> cache = caches().createCache(name, CacheSpec.of(String.class).withTtl(LONG));

		assertThat(caches().createCache(name, CacheSpec.of(String.class).withTtl(LONG))).isSameAs(cache);
		assertThat(caches().getCache(name, String.class)).isSameAs(cache);
		assertThat(cache.name()).isEqualTo(name);
	}

	@Test
	void otherSpecificationIsAnErrorThatNamesBoth() {
		String name = name();
		caches().createCache(name, CacheSpec.of(String.class));

		assertThatIllegalStateException()
			.isThrownBy(() -> caches().createCache(name, CacheSpec.of(String.class).withTtl(LONG)))
			.withMessageContaining(name)
			.withMessageContaining("ttl=null")
			.withMessageContaining("ttl=PT10S");
	}

	@Test
	void concurrentFirstCallsGiveOneCache() throws Exception {
		for (int i = 0; i < 20; i++) {
			String name = name();

			List<ClusterCache<String>> created = atOnce(8,
					() -> caches().createCache(name, CacheSpec.of(String.class)));

			assertThat(created).allMatch((cache) -> cache == created.get(0));
		}
	}

	@Test
	void twoCachesCannotShareAPrefix() {
		String name = name();
		caches().createCache(name, CacheSpec.of(String.class));

		assertThatIllegalStateException()
			.isThrownBy(() -> caches().createCache(name(), CacheSpec.of(String.class).withPrefix(name)))
			.withMessageContaining(name);
	}

	@Test
	void unknownCacheTypeAndStoreAreErrors() {
		String name = name();
		caches().createCache(name, CacheSpec.of(String.class));

		assertThatIllegalArgumentException().isThrownBy(() -> caches().getCache("nobody", String.class))
			.withMessageContaining("nobody");
		assertThatIllegalArgumentException().isThrownBy(() -> caches().getCache(name, Integer.class))
			.withMessageContaining("java.lang.String")
			.withMessageContaining("java.lang.Integer");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> caches().createCache(name(), CacheSpec.of(String.class).withStore("nowhere")))
			.withMessageContaining("nowhere");
		assertThatIllegalArgumentException().isThrownBy(() -> caches().createCounter(name(), "nowhere"));
		assertThatIllegalArgumentException().isThrownBy(() -> caches().createBloomFilter(name(), "nowhere"));
	}

	@Test
	void closedManagerIsAnError() {
		ClusterCacheManager manager = start("app-" + name());
		ClusterCache<String> cache = manager.createCache("c", CacheSpec.of(String.class));
		Counter counter = manager.createCounter("c", null);

		manager.close();
		manager.close();

		assertThatIllegalStateException().isThrownBy(() -> cache.get("k")).withMessage("The caches are closed");
		assertThatIllegalStateException().isThrownBy(() -> cache.set("k", "v"));
		assertThatIllegalStateException().isThrownBy(() -> counter.incr("k"));
		assertThatIllegalStateException().isThrownBy(() -> manager.createCache("d", CacheSpec.of(String.class)));
		assertThatIllegalStateException().isThrownBy(manager::flushAll);
	}

	@Test
	void applicationsDoNotMeet() {
		ClusterCacheManager other = start("other-" + name());
		String name = name();
		ClusterCache<String> mine = caches().createCache(name, CacheSpec.of(String.class));
		ClusterCache<String> foreign = other.createCache(name, CacheSpec.of(String.class));

		mine.set("k", "mine");
		foreign.reset();

		assertThat(foreign.get("k")).isNull();
		assertThat(mine.get("k")).isEqualTo("mine");
		assertThat(Collections.disjoint(foreign.keys("*"), mine.keys("*"))).isTrue();
	}

	@Test
	void whatIsStoredWithoutWaitingIsReadByTheSameThread() {
		ClusterCache<String> cache = cache(String.class);
		for (int i = 0; i < 3_000; i++) {
			cache.setAsync("k" + i % 10, "v" + i, LONG);
			assertThat(cache.get("k" + i % 10)).isEqualTo("v" + i);
		}
		cache.setAsync("short", "v", SHORT);

		await().until(() -> cache.get("short") == null);
		assertThatExceptionOfType(PayloadException.class)
			.isThrownBy(() -> cache(Object.class).setAsync("k", new Object(), null));
	}

}
