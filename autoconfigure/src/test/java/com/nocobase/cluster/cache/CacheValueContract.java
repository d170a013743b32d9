package com.nocobase.cluster.cache;

import java.math.BigDecimal;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.Collections;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.cache.Cache;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.core.ParameterizedTypeReference;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Values of any type come back equal from every store, through every call.
 */
public abstract class CacheValueContract extends CacheFixture {

	/** 16 digits that a double does not have. */
	private static final long ID = 9_007_199_254_740_993L;

	private static final Instant TIME = Instant.parse("2026-02-28T23:59:59.123456789Z");

	private static final OffsetDateTime OFFSET = OffsetDateTime.of(2026, 7, 1, 12, 30, 0, 1_000,
			ZoneOffset.ofHoursMinutes(5, 30));

	private static final Order ORDER = new Order(ID, DayOfWeek.MONDAY, TIME, LocalDate.EPOCH, OFFSET,
			List.of(ID, Long.MIN_VALUE), Map.of(DayOfWeek.SUNDAY, List.of(User.named("ü"))), null, Optional.of("o"));

	static Stream<Sample<?>> samples() {
		return Stream.concat(samplesOfClasses(), Stream.of(sample(new ParameterizedTypeReference<>() {
		}, List.<Order>of()), sample(new ParameterizedTypeReference<>() {
		}, List.of(ORDER, ORDER)), sample(new ParameterizedTypeReference<>() {
		}, Map.of(ID, List.of(ORDER))), sample(new ParameterizedTypeReference<>() {
		}, Map.of(DayOfWeek.FRIDAY, TIME)), sample(new ParameterizedTypeReference<>() {
		}, new Page<>(List.of(ORDER), ID)), sample(new ParameterizedTypeReference<>() {
		}, Optional.of(List.of(ID))), sample(new ParameterizedTypeReference<List<@Nullable String>>() {
		}, Arrays.<@Nullable String>asList("a", null)), sample(new ParameterizedTypeReference<List<Order>>() {
		}, null)));
	}

	@SuppressWarnings("JavaUtilDate") // applications still have them
	static Stream<Sample<?>> samplesOfClasses() {
		return Stream.of(sample(Long.class, ID), sample(Long.class, Long.MAX_VALUE), sample(Object.class, ID),
				sample(Object.class, List.of()), sample(Object.class, List.of(ID, "a", false)),
				sample(Object.class, Collections.singletonMap("k", null)), sample(Object.class, null),
				sample(Order.class, ORDER), sample(Order.class, null), sample(DayOfWeek.class, DayOfWeek.SATURDAY),
				sample(Boolean.class, false), sample(String.class, ""), sample(String.class, " \u0000\"ü😀"),
				sample(Integer.class, 0), sample(Double.class, 0.1), sample(UUID.class, new UUID(ID, ID)),
				sample(BigDecimal.class, new BigDecimal("12345678901234567890.10")), sample(Instant.class, TIME),
				sample(LocalDate.class, LocalDate.of(2024, 2, 29)),
				sample(LocalDateTime.class, LocalDateTime.of(1, 1, 1, 0, 0)),
				sample(LocalTime.class, LocalTime.MIDNIGHT), sample(YearMonth.class, YearMonth.of(2026, 12)),
				sample(OffsetDateTime.class, OFFSET),
				sample(ZonedDateTime.class, TIME.atZone(ZoneId.of("Europe/Paris"))),
				sample(Duration.class, Duration.ofNanos(ID)), sample(Date.class, new Date(ID / 1_000)));
	}

	@ParameterizedTest
	@MethodSource("samples")
	<T> void valueThatWasSetComesBack(Sample<T> sample) {
		ClusterCache<T> cache = caches().createCache(name(), sample.spec());

		cache.set("k", sample.value());
		cache.set("timed", sample.value(), LONG);

		for (String key : List.of("k", "timed")) {
			assertThat(cache.get(key)).isEqualTo(sample.value());
			assertHit(cache, key, sample.value());
			assertThat(cache.wrap(key, () -> {
				throw new AssertionError("not a miss");
			})).isEqualTo(sample.value());
		}
	}

	@ParameterizedTest
	@MethodSource("samples")
	<T> void valuesThatWereSetTogetherComeBack(Sample<T> sample) {
		ClusterCache<T> cache = caches().createCache(name(), sample.spec());

		cache.mset(Collections.singletonMap("a", sample.value()), LONG);
		Map<String, @Nullable T> more = new HashMap<>();
		more.put("b", sample.value());
		more.put("c", sample.value());
		cache.mset(more, null);

		for (int i = 0; i < 2; i++) {
			assertThat(cache.mget(List.of("a", "b", "c", "absent"))).hasSize(3)
				.containsEntry("a", sample.value())
				.containsEntry("b", sample.value())
				.containsEntry("c", sample.value());
			assertThat(cache.get("b")).isEqualTo(sample.value());
		}
	}

	@ParameterizedTest
	@MethodSource("samples")
	<T> void valueThatWasLoadedComesBack(Sample<T> sample) {
		ClusterCache<T> cache = caches().createCache(name(), sample.spec().withCopyOnRead());
		AtomicInteger loads = new AtomicInteger();
		Callable<@Nullable T> loader = () -> {
			loads.incrementAndGet();
			return sample.value();
		};

		for (int i = 0; i < 2; i++) {
			assertThat(cache.wrap("k", loader)).isEqualTo(sample.value());
			assertThat(cache.wrap("timed", loader, LONG)).isEqualTo(sample.value());
			assertThat(cache.wrapWithCondition("c", loader, true, (value) -> true, null)).isEqualTo(sample.value());
		}

		assertThat(loads).hasValue(3);
		assertHit(cache, "k", sample.value());
	}

	@ParameterizedTest
	@MethodSource("samplesOfClasses")
	<T> void fieldComesBack(Sample<T> sample) {
		ClusterCache<Object> cache = cache(Object.class);
		ClusterCache<Object> timed = caches().createCache(name(), CacheSpec.of(Object.class).withTtl(LONG));

		for (ClusterCache<Object> each : List.of(cache, timed)) {
			each.setValueInObject("o", "f", sample.value());
			each.setValueInObject("o", "g", 1);

			assertThat(each.getValueInObject("o", "f", type(sample))).isEqualTo(sample.value());
		}
	}

	@SuppressWarnings("unchecked")
	private static <T> Class<T> type(Sample<T> sample) {
		return (Class<T>) sample.spec().type();
	}

	private static <T> void assertHit(ClusterCache<T> cache, String key, @Nullable T value) {
		Cache.ValueWrapper hit = cache.lookup(key);
		assertThat(hit).isNotNull().extracting(Cache.ValueWrapper::get).isEqualTo(value);
	}

	@Test
	void annotatedMethodGivesOnAHitWhatItGaveOnAMiss() {
		Annotated methods = context().getBeanFactory().createBean(Annotated.class);

		assertSameTwice(methods, methods::id, ID);
		assertSameTwice(methods, methods::none, null);
		assertSameTwice(methods, methods::empty, List.of());
		assertSameTwice(methods, methods::record, ORDER);
		assertSameTwice(methods, methods::day, DayOfWeek.MONDAY);
		assertSameTwice(methods, methods::time, TIME);
		assertSameTwice(methods, methods::generic, new Page<>(List.of(ORDER), ID));
		assertSameTwice(methods, methods::optional, Optional.of(List.of(ORDER)));
		assertSameTwice(methods, methods::sync, Map.of(ID, List.of(ORDER)));
		assertSameTwice(methods, () -> methods.future().join(), List.of(ORDER));
		assertSameTwice(methods, () -> methods.syncFuture().join(), new Page<>(List.of(ID), ID));
	}

	private static void assertSameTwice(Annotated methods, Supplier<@Nullable Object> call, @Nullable Object value) {
		int before = methods.calls().get();

		for (int i = 0; i < 3; i++) {
			assertThat(call.get()).isEqualTo(value);
		}

		assertThat(methods.calls()).hasValue(before + 1);
	}

	private static <T> Sample<T> sample(Class<T> type, @Nullable T value) {
		return new Sample<>(CacheSpec.of(type), value);
	}

	private static <T> Sample<T> sample(ParameterizedTypeReference<T> type, @Nullable T value) {
		return new Sample<>(CacheSpec.of(type), value);
	}

	record Sample<T>(CacheSpec<T> spec, @Nullable T value) {

		@Override
		public String toString() {
			return this.spec.type().getTypeName() + " " + this.value;
		}

	}

	record Order(long id, DayOfWeek day, Instant time, LocalDate date, OffsetDateTime offset, List<Long> ids,
			Map<DayOfWeek, List<User>> users, @Nullable String note, Optional<String> text) {
	}

	record Page<E>(List<E> items, long total) {
	}

	/** To be called through the proxy that Spring makes. */
	static class Annotated {

		private final AtomicInteger calls = new AtomicInteger();

		AtomicInteger calls() {
			return this.calls;
		}

		private <V extends @Nullable Object> V called(V value) {
			this.calls.incrementAndGet();
			return value;
		}

		@Cacheable("value-id")
		long id() {
			return called(ID);
		}

		@Cacheable("value-none")
		@Nullable String none() {
			return this.<@Nullable String>called(null);
		}

		@Cacheable("value-empty")
		List<Order> empty() {
			return called(List.of());
		}

		@Cacheable("value-record")
		Order record() {
			return called(ORDER);
		}

		@Cacheable("value-day")
		DayOfWeek day() {
			return called(DayOfWeek.MONDAY);
		}

		@Cacheable("value-time")
		Instant time() {
			return called(TIME);
		}

		@Cacheable("value-generic")
		Page<Order> generic() {
			return called(new Page<>(List.of(ORDER), ID));
		}

		@Cacheable("value-optional")
		Optional<List<Order>> optional() {
			return called(Optional.of(List.of(ORDER)));
		}

		@Cacheable(cacheNames = "value-sync", sync = true)
		Map<Long, List<Order>> sync() {
			return called(Map.of(ID, List.of(ORDER)));
		}

		@Cacheable("value-future")
		CompletableFuture<List<Order>> future() {
			return CompletableFuture.completedFuture(called(List.of(ORDER)));
		}

		@Cacheable(cacheNames = "value-sync-future", sync = true)
		CompletableFuture<Page<Long>> syncFuture() {
			return CompletableFuture.completedFuture(called(new Page<>(List.of(ID), ID)));
		}

	}

}
