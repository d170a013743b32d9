package com.nocobase.cluster.cache.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.Test;

import com.nocobase.cluster.cache.redis.CacheEvent.Kind;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What must be found, and what must not. Times are milliseconds; row 0 is that of process
 * 0, row 100 is shared.
 */
class StaleReadsTests {

	private static final CacheBounds NEAR = CacheBounds.near(Duration.ofSeconds(3), Duration.ofMillis(500));

	private static final CacheBounds REDIS = CacheBounds.redis(Duration.ofSeconds(1), Duration.ofMillis(500));

	private static final int OWNED = 0;

	private static final int SHARED = 100;

	@Test
	void newValueIsFine() {
		assertThat(near(change(0, SHARED, 1, 1_000, true), read(1, SHARED, 1, 9_000))).isEmpty();
	}

	@Test
	void oldValueOfAnotherInstanceIsFineWithinTheBoundAndFoundAfterIt() {
		CacheEvent change = change(0, SHARED, 2, 1_000, true);

		assertThat(near(change, read(1, SHARED, 1, 3_999))).isEmpty();
		assertThat(near(change, read(1, SHARED, 1, 4_100))).singleElement().asString().contains("Old by 3090 ms");
	}

	@Test
	void laterChangeDoesNotExcuseWhatIsOlderStill() {
		assertThat(
				near(change(0, SHARED, 2, 1_000, true), change(0, SHARED, 3, 4_050, true), read(1, SHARED, 1, 4_100)))
			.hasSize(1);
		assertThat(
				near(change(0, SHARED, 2, 1_000, true), change(0, SHARED, 3, 4_050, true), read(1, SHARED, 2, 4_100)))
			.isEmpty();
	}

	@Test
	void writerOfItsOwnRowReadsNothingOldAtAll() {
		CacheEvent change = change(0, OWNED, 2, 1_000, true);

		assertThat(near(change, read(0, OWNED, 1, 1_005))).as("began before the change had returned").isEmpty();
		assertThat(near(change, read(0, OWNED, 1, 1_011))).hasSize(1);
		assertThat(redis(change, read(0, OWNED, 1, 1_011))).hasSize(1);
	}

	@Test
	void nobodyReadsAnOldRowOfItsOwnerOnRedis() {
		CacheEvent change = change(0, OWNED, 2, 1_000, true);

		assertThat(redis(change, read(1, OWNED, 1, 1_005))).isEmpty();
		assertThat(redis(change, read(1, OWNED, 1, 1_011))).hasSize(1);
	}

	@Test
	void othersMayReadWhatWasChangedWhileTheWriterIsAway() {
		CacheEvent change = change(0, SHARED, 2, 1_000, false);
		CacheEvent away = away(0, 500, 6_000);

		assertThat(near(change, away, read(1, SHARED, 1, 5_900))).isEmpty();
		assertThat(near(change, away, read(1, SHARED, 1, 9_400))).isEmpty();
		assertThat(near(change, away, read(1, SHARED, 1, 9_600))).hasSize(1);
		assertThat(near(change, away(1, 500, 6_000), read(1, SHARED, 1, 5_900))).as("another one was away").hasSize(1);
	}

	@Test
	void writerThatIsAwayReadsNothingOld() {
		assertThat(near(change(0, SHARED, 2, 1_000, false), away(0, 500, 6_000), read(0, SHARED, 1, 2_000))).hasSize(1);
	}

	@Test
	void writerThatIsAwayAgainBeforeItHasMadeUpMayTakeLonger() {
		assertThat(near(change(0, SHARED, 2, 1_000, false), away(0, 500, 2_000), away(0, 2_400, 7_000),
				read(1, SHARED, 1, 10_400)))
			.isEmpty();
		assertThat(near(change(0, SHARED, 2, 1_000, false), away(0, 500, 2_000), away(0, 2_600, 7_000),
				read(1, SHARED, 1, 10_400)))
			.hasSize(1);
	}

	@Test
	void confirmedChangeIsNotExcusedByWhatComesLater() {
		assertThat(near(change(0, SHARED, 2, 1_000, true), away(0, 1_100, 7_000), read(1, SHARED, 1, 4_100)))
			.hasSize(1);
	}

	@Test
	void whatWasLoadedBeforeAChangeLivesItsTtlOnRedisOnly() {
		CacheEvent change = change(0, SHARED, 2, 1_000, true);
		CacheEvent load = new CacheEvent(Kind.LOAD, 1, SHARED, 1, nanos(900), nanos(4_000), true);

		assertThat(redis(change, load, read(2, SHARED, 1, 4_900))).isEmpty();
		assertThat(redis(change, load, read(2, SHARED, 1, 5_100))).hasSize(1);
		assertThat(redis(change, read(2, SHARED, 1, 1_100))).hasSize(1);
		assertThat(near(change, load, read(2, SHARED, 1, 4_900))).hasSize(1);
	}

	@Test
	void whatIsNotTrueYetIsFound() {
		assertThat(near(change(0, SHARED, 1, 1_000, true), read(1, SHARED, 1, 900))).singleElement()
			.asString()
			.contains("Not true yet");
	}

	@Test
	void eventsAreReadAsTheyWereWritten() {
		CacheEvent event = change(2, SHARED, 3, 1_000, true);

		assertThat(CacheEvent.parse(event.toString())).isEqualTo(event);
	}

	private static List<String> near(CacheEvent... events) {
		return new StaleReads(NEAR, new ArrayList<>(Arrays.asList(events))).find();
	}

	private static List<String> redis(CacheEvent... events) {
		return new StaleReads(REDIS, new ArrayList<>(Arrays.asList(events))).find();
	}

	private static CacheEvent change(int process, int row, long version, long at, boolean reached) {
		return new CacheEvent(Kind.CHANGE, process, row, version, nanos(at), nanos(at + 10), reached);
	}

	private static CacheEvent read(int process, int row, long version, long at) {
		return new CacheEvent(Kind.READ, process, row, version, nanos(at), nanos(at + 1), true);
	}

	private static CacheEvent away(int process, long from, long to) {
		return CacheEvent.away(process, nanos(from), nanos(to));
	}

	private static long nanos(long millis) {
		return Duration.ofMillis(millis).toNanos();
	}

}
