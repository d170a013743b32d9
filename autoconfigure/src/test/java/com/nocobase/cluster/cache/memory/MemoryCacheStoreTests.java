package com.nocobase.cluster.cache.memory;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;
import tools.jackson.databind.json.JsonMapper;

import com.nocobase.cluster.cache.CacheRegion;
import com.nocobase.cluster.cache.CacheSettings;
import com.nocobase.cluster.message.JsonCodec;

import static org.assertj.core.api.Assertions.assertThat;

class MemoryCacheStoreTests {

	private final AtomicLong nanos = new AtomicLong();

	private final MemoryCacheStore store = new MemoryCacheStore(this.nanos::get);

	private final JsonCodec json = new JsonCodec(JsonMapper.builder().build(), DataSize.ofMegabytes(1));

	@Test
	void entriesAreBounded() {
		CacheRegion<Object> region = region(100);

		for (int i = 0; i < 1_000; i++) {
			region.putAll(Map.of("k" + i, i), () -> null);
		}

		assertThat(region.keys("*")).hasSizeLessThanOrEqualTo(100);
	}

	@Test
	void hitGivesTheSameWrapperToAll() {
		CacheRegion<Object> region = region(100);
		region.putAll(Map.of("k", "v"), () -> null);

		assertThat(region.get("k")).isNotNull().isSameAs(region.get("k"));
	}

	@Test
	void timeOfAnEntryIsMonotonic() {
		CacheRegion<Object> region = region(100);
		region.putAll(Map.of("k", "v"), () -> Duration.ofMinutes(1));

		this.nanos.addAndGet(Duration.ofSeconds(59).toNanos());
		assertThat(region.get("k")).isNotNull();
		assertThat(region.ttl("k")).contains(Duration.ofSeconds(1));
		this.nanos.addAndGet(Duration.ofSeconds(1).toNanos());
		assertThat(region.get("k")).isNull();
	}

	@Test
	void objectThatExpiredStartsAnewWithItsOwnTtl() {
		CacheRegion<Object> region = region(100);
		region.putField("o", "a", new byte[] { '1' }, Duration.ofMinutes(1));
		this.nanos.addAndGet(Duration.ofMinutes(2).toNanos());

		region.putField("o", "b", new byte[] { '2' }, Duration.ofHours(1));

		assertThat(region.getField("o", "a")).isNull();
		assertThat(region.getField("o", "b")).isEqualTo(new byte[] { '2' });
		assertThat(region.ttl("o")).contains(Duration.ofHours(1));
	}

	@Test
	void expiredCountersLeaveNothingBehind() {
		Cache<String, MemoryCounter.Count> counts = Caffeine.newBuilder()
			.ticker(this.nanos::get)
			.executor(Runnable::run)
			.expireAfter(new CountExpiry())
			.build();
		MemoryCounter counter = new MemoryCounter(counts);
		for (int i = 0; i < 10_000; i++) {
			counter.incr("client" + i, Duration.ofSeconds(1));
			this.nanos.addAndGet(Duration.ofMillis(100).toNanos());
		}

		counts.cleanUp();
		assertThat(counts.estimatedSize()).isLessThan(100);
	}

	private CacheRegion<Object> region(long size) {
		return this.store.open(new CacheSettings("c", "app:cache:c:", Object.class, null, size, false), this.json);
	}

}
