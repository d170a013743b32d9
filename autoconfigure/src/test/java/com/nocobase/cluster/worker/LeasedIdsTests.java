package com.nocobase.cluster.worker;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

import com.nocobase.cluster.support.ClusterRuntime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class LeasedIdsTests {

	private static final Duration HOUR = Duration.ofHours(1);

	private final MovedClock clock = new MovedClock();

	private final AtomicInteger workerId = new AtomicInteger();

	private volatile @Nullable Instant floor;

	private volatile Instant horizon = Instant.MAX;

	private LeasedIds ids(Clock clock, int workerBits, Duration maxWait) {
		ClusterRuntime runtime = new ClusterRuntime(new SimpleAsyncTaskExecutor(), new ThreadPoolTaskScheduler(), clock,
				System::nanoTime);
		return new LeasedIds(new WorkerIdProperties(true, null, null, workerBits, Duration.ofSeconds(30), maxWait),
				(workerIds) -> new StubLease(this.workerId.get(), clock.instant()), runtime);
	}

	private LeasedIds started() {
		LeasedIds ids = ids(this.clock, 5, Duration.ofMillis(50));
		ids.start();
		this.clock.move(Duration.ofSeconds(1));
		return ids;
	}

	@Test
	void idHasSecondWorkerAndSequence() {
		this.workerId.set(17);
		LeasedIds ids = started();

		long first = ids.next();
		long second = ids.next();

		long seconds = Instant.parse("2026-01-01T12:00:01Z").getEpochSecond() - 1_605_024_000L;
		assertThat(first).isEqualTo((seconds << 21) + (17L << 16));
		assertThat(second).isEqualTo(first + 1);
		assertThat(ids.parse(second)).isEqualTo(new SnowflakeId(second, Instant.parse("2026-01-01T12:00:01Z"), 17, 1));
		assertThat(ids.workerId()).isEqualTo(17);
		assertThat(second).isPositive().isLessThan(1L << 53);
	}

	/** I2. */
	@Test
	void workerIdZeroIsAWorkerIdLikeAnyOther() {
		LeasedIds ids = started();
		this.workerId.set(5);

		assertThat(ids.parse(ids.next()).workerId()).isZero();
		assertThat(ids.health().details()).containsEntry("workerId", 0);
	}

	/** I3. */
	@Test
	void idsCarryTheNewWorkerIdAfterARestart() {
		LeasedIds ids = started();
		long before = ids.next();
		ids.stop();
		this.workerId.set(3);
		ids.start();
		this.clock.move(Duration.ofSeconds(1));

		assertThat(ids.parse(ids.next()).workerId()).isEqualTo(3);
		assertThat(ids.next()).isGreaterThan(before);
	}

	/** I4. */
	@Test
	void clockThatStepsBackRepeatsNoId() {
		LeasedIds ids = started();
		List<Long> given = new ArrayList<>();
		for (Duration step : List.of(Duration.ZERO, HOUR.negated(), HOUR, Duration.ofSeconds(-5), Duration.ofSeconds(5),
				Duration.ofSeconds(1))) {
			this.clock.move(step);
			given.add(ids.next());
			given.add(ids.next());
		}

		assertThat(given).isSorted().doesNotHaveDuplicates();
	}

	/** I4. */
	@Test
	void fastRestartRepeatsNoId() {
		LeasedIds before = ids(this.clock, 5, Duration.ofMillis(50));
		before.start();
		this.clock.move(Duration.ofSeconds(1));
		long last = before.next();

		LeasedIds after = ids(this.clock, 5, Duration.ofMillis(50));
		after.start();

		assertThatExceptionOfType(WorkerIdException.class).isThrownBy(after::next);
		this.clock.move(Duration.ofSeconds(1));
		assertThat(after.next()).isGreaterThan(last);
	}

	@Test
	void idsStartAboveTheFloorOfTheLease() {
		this.floor = this.clock.instant().plusSeconds(3);
		LeasedIds ids = started();

		assertThatExceptionOfType(WorkerIdException.class).isThrownBy(ids::next);
		this.clock.move(Duration.ofSeconds(3));
		assertThat(ids.parse(ids.next()).timestamp()).isAfter(this.floor);
	}

	/** I4: no spinning, and no wait without limit. */
	@Test
	void spentSecondIsWaitedForWithALimit() {
		LeasedIds ids = ids(this.clock, 15, Duration.ofMillis(100));
		ids.start();
		this.clock.move(Duration.ofSeconds(1));
		for (int i = 0; i < 64; i++) {
			ids.next();
		}

		long start = System.nanoTime();
		assertThatExceptionOfType(WorkerIdException.class).isThrownBy(ids::next).withMessageContaining("PT0.1S");
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(Duration.ofMillis(100),
				Duration.ofSeconds(2));
		Thread.currentThread().interrupt();
		assertThatExceptionOfType(WorkerIdException.class).isThrownBy(ids::next).withMessageContaining("Interrupted");
		assertThat(Thread.interrupted()).isTrue();
		this.clock.move(Duration.ofSeconds(1));
		assertThat(ids.parse(ids.next()).sequence()).isZero();
	}

	@Test
	void threadsNeverShareAnId() throws Exception {
		LeasedIds ids = ids(Clock.systemUTC(), 9, Duration.ofSeconds(5));
		ids.start();
		Set<Long> given = ConcurrentHashMap.newKeySet();
		ExecutorService threads = Executors.newFixedThreadPool(4);
		List<Future<?>> results = new ArrayList<>();
		for (int i = 0; i < 4; i++) {
			results.add(threads.submit(() -> {
				long last = 0;
				for (int round = 0; round < 2_000; round++) {
					long id = ids.next();
					assertThat(id).isGreaterThan(last);
					last = id;
					given.add(id);
				}
			}));
		}
		for (Future<?> result : results) {
			result.get(20, TimeUnit.SECONDS);
		}
		threads.shutdown();

		assertThat(given).hasSize(8_000);
	}

	@Test
	void lostLeaseStopsIds() {
		LeasedIds ids = started();
		this.horizon = this.clock.instant();
		ids.next();
		assertThat(ids.health().up()).isTrue();

		this.clock.move(Duration.ofSeconds(1));
		assertThatExceptionOfType(WorkerIdException.class).isThrownBy(ids::next).withMessageContaining("lost");
		this.horizon = Instant.MIN;
		assertThatExceptionOfType(WorkerIdException.class).isThrownBy(ids::next);
		assertThat(ids.health().up()).isFalse();
	}

	@Test
	void idsCanBeHadBeforeTheStartButNotAfterTheStop() {
		LeasedIds ids = ids(Clock.systemUTC(), 5, Duration.ofSeconds(5));

		assertThat(ids.next()).isPositive();
		ids.start();
		ids.stop();
		assertThatExceptionOfType(WorkerIdException.class).isThrownBy(ids::next).withMessageContaining("stopped");
	}

	@Test
	void clockOfAnotherCenturyIsRefused() {
		LeasedIds ids = started();
		this.clock.move(Duration.ofDays(365 * 200));
		assertThatExceptionOfType(WorkerIdException.class).isThrownBy(ids::next).withMessageContaining("clock");
	}

	@Test
	void badIdIsRefused() {
		LeasedIds ids = started();

		assertThatIllegalArgumentException().isThrownBy(() -> ids.parse(-1));
		assertThatIllegalArgumentException().isThrownBy(() -> ids.parse(1L << 53));
		assertThat(ids.parse(0).timestamp()).isEqualTo(Instant.parse("2020-11-10T16:00:00Z"));
	}

	private final class StubLease implements WorkerIdLease {

		private final int id;

		private final Instant start;

		StubLease(int id, Instant start) {
			this.id = id;
			this.start = start;
		}

		@Override
		public int workerId() {
			return this.id;
		}

		@Override
		public Instant floor() {
			Instant floor = LeasedIdsTests.this.floor;
			return (floor != null) ? floor : this.start;
		}

		@Override
		public Instant horizon() {
			return LeasedIdsTests.this.horizon;
		}

		@Override
		public void close() {
		}

	}

}
