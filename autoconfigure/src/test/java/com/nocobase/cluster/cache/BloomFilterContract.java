package com.nocobase.cluster.cache;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * What bloom filters promise on every store.
 */
public abstract class BloomFilterContract extends CacheFixture {

	@Test
	void findsWhatWasAdded() {
		BloomFilter filter = reserved(1_000);

		assertThat(filter.exists("k", "a")).isFalse();
		assertThat(filter.add("k", "a")).isTrue();
		assertThat(filter.add("k", "a")).isFalse();
		filter.mAdd("k", List.of("b", "ü", ""));
		filter.mAdd("k", List.of());

		assertThat(List.of("a", "b", "ü", "")).allMatch((item) -> filter.exists("k", item));
		assertThat(filter.exists("k", "c")).isFalse();
	}

	@Test
	void keepsTheErrorRate() {
		BloomFilter filter = reserved(1_000);
		filter.mAdd("k", IntStream.range(0, 1_000).mapToObj((i) -> "in" + i).toList());

		assertThat(IntStream.range(0, 1_000)).allMatch((i) -> filter.exists("k", "in" + i));
		assertThat(IntStream.range(0, 2_000).filter((i) -> filter.exists("k", "out" + i)).count()).isLessThan(60);
	}

	/** C12. */
	@Test
	void reservingAgainKeepsTheContent() {
		BloomFilter filter = reserved(1_000);
		filter.add("k", "a");

		filter.reserve("k", 0.001, 10);

		assertThat(filter.exists("k", "a")).isTrue();
		assertThat(filter.exists("k", "b")).isFalse();
	}

	@Test
	void unreservedFilterIsAnError() {
		BloomFilter filter = caches().createBloomFilter(name(), null);

		assertThatIllegalStateException().isThrownBy(() -> filter.add("k", "a")).withMessageContaining("'k'");
		assertThatIllegalStateException().isThrownBy(() -> filter.mAdd("k", List.of("a")));
		assertThatIllegalStateException().isThrownBy(() -> filter.exists("k", "a"));
	}

	@Test
	void filtersOfOneNameAreTheSameAndKeysAreNot() {
		String name = name();
		BloomFilter filter = caches().createBloomFilter(name, null);
		filter.reserve("k", 0.01, 10);
		filter.reserve("l", 0.01, 10);
		filter.add("k", "a");

		assertThat(caches().createBloomFilter(name, null).exists("k", "a")).isTrue();
		assertThat(filter.exists("l", "a")).isFalse();
		assertThatIllegalStateException().isThrownBy(() -> caches().createBloomFilter(name(), null).exists("k", "a"));
	}

	/** C12. */
	@Test
	void filtersOfApplicationsDoNotMeet() {
		String name = name();
		BloomFilter mine = caches().createBloomFilter(name, null);
		BloomFilter foreign = start("other-" + name()).createBloomFilter(name, null);
		mine.reserve("k", 0.01, 10);
		mine.add("k", "a");

		assertThatIllegalStateException().isThrownBy(() -> foreign.exists("k", "a"));
		foreign.reserve("k", 0.01, 10);

		assertThat(foreign.exists("k", "a")).isFalse();
		assertThat(mine.exists("k", "a")).isTrue();
	}

	/** C12: a filter of the reference leaves a full memory store like any entry. */
	@Test
	void entriesOfCachesDriveNoFilterOut() {
		BloomFilter filter = reserved(10);
		filter.add("k", "a");
		ClusterCache<Integer> cache = caches().createCache(name(), CacheSpec.of(Integer.class).withMaxSize(10));

		cache.mset(IntStream.range(0, 1_000).boxed().collect(Collectors.toMap((i) -> "k" + i, (i) -> i)), null);
		caches().flushAll();

		assertThat(filter.exists("k", "a")).isTrue();
	}

	@Test
	void oneOfManyWhoAddAnItemWasFirst() throws Exception {
		BloomFilter filter = reserved(1_000);
		AtomicInteger first = new AtomicInteger();

		atOnce(8, () -> {
			for (int i = 0; i < 20; i++) {
				if (filter.add("k", "item" + i)) {
					first.incrementAndGet();
				}
			}
			return "";
		});

		assertThat(first.get()).isGreaterThanOrEqualTo(20);
		assertThat(IntStream.range(0, 20)).allMatch((i) -> filter.exists("k", "item" + i));
	}

	@Test
	void badArgumentsAreRefused() {
		BloomFilter filter = caches().createBloomFilter(name(), null);

		for (double rate : new double[] { 0, 1, -1, 2, Double.NaN }) {
			assertThatIllegalArgumentException().isThrownBy(() -> filter.reserve("k", rate, 10))
				.withMessageContaining("errorRate");
		}
		assertThatIllegalArgumentException().isThrownBy(() -> filter.reserve("k", 0.1, 0))
			.withMessageContaining("capacity");
		assertThatIllegalArgumentException().isThrownBy(() -> filter.reserve("k", 0.0001, Long.MAX_VALUE))
			.withMessageContaining("2^32");
		assertThatIllegalArgumentException().isThrownBy(() -> filter.reserve(" ", 0.1, 10));
		assertThatIllegalArgumentException().isThrownBy(() -> filter.add("x".repeat(10_000), "a"));
		assertThatIllegalArgumentException().isThrownBy(() -> caches().createBloomFilter(" ", null));
	}

	private BloomFilter reserved(long capacity) {
		BloomFilter filter = caches().createBloomFilter(name(), null);
		filter.reserve("k", 0.01, capacity);
		return filter;
	}

}
