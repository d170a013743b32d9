package com.nocobase.cluster.lock.local;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.Test;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

import com.nocobase.cluster.lock.LockGrant;
import com.nocobase.cluster.lock.LockRenewal;
import com.nocobase.cluster.lock.LockRequest;
import com.nocobase.cluster.message.Instance;
import com.nocobase.cluster.support.ClusterRuntime;

import static org.assertj.core.api.Assertions.assertThat;

class LocalLockTableTests {

	private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-01T12:00:00Z"));

	private final AtomicLong ticks = new AtomicLong();

	private final ClusterRuntime runtime = new ClusterRuntime(new SimpleAsyncTaskExecutor(),
			new ThreadPoolTaskScheduler(), new Clock() {

				@Override
				public ZoneId getZone() {
					return ZoneOffset.UTC;
				}

				@Override
				public Clock withZone(ZoneId zone) {
					return this;
				}

				@Override
				public Instant instant() {
					return LocalLockTableTests.this.now.get();
				}

			}, this.ticks::get);

	private final LocalLockTable table = new LocalLockTable(this.runtime);

	private final LocalLocks locks = new LocalLocks(this.table, new Instance("app", "1"), this.runtime);

	private Optional<LockGrant> ask(String key) throws InterruptedException {
		return this.locks.acquire(
				new LockRequest(key, "owner-" + this.ticks.incrementAndGet(), Duration.ofSeconds(10), Duration.ZERO));
	}

	/** L7. */
	@Test
	void keysThatNobodyHoldsAreForgotten() throws Exception {
		for (int i = 0; i < 1000; i++) {
			this.locks.release(ask("job-" + i).orElseThrow(), Duration.ZERO);
		}

		assertThat(this.table.size()).isZero();
	}

	/** L7. */
	@Test
	void keysThatRanOutAreForgottenSoon() throws Exception {
		for (int i = 0; i < 10_000; i++) {
			this.ticks.addAndGet(Duration.ofSeconds(1).toNanos());
			LockGrant grant = ask("job-" + i).orElseThrow();
			if (i % 2 == 0) {
				this.locks.release(grant, Duration.ofSeconds(2));
			}
		}

		assertThat(this.table.size()).isLessThan(100);
	}

	@Test
	void tokenRisesWhenTheClockStepsBack() throws Exception {
		List<Long> tokens = new ArrayList<>();
		for (int i = 0; i < 3; i++) {
			LockGrant grant = ask("key").orElseThrow();
			tokens.add(grant.token());
			this.locks.release(grant, Duration.ZERO);
			this.now.updateAndGet((instant) -> instant.minus(Duration.ofHours(1)));
		}

		assertThat(tokens).isSorted().doesNotHaveDuplicates();
		assertThat(tokens.get(0)).isEqualTo(1_767_268_800_000_000L);
	}

	@Test
	void expiryKnowsNoWallClock() throws Exception {
		ask("key");
		this.now.updateAndGet((instant) -> instant.plus(Duration.ofHours(1)));

		assertThat(ask("key")).isEmpty();
		this.ticks.addAndGet(Duration.ofSeconds(10).toNanos());
		assertThat(ask("key")).isPresent();
	}

	@Test
	void lockThatIsKeptAfterItsReleaseCannotBeRenewed() throws Exception {
		LockGrant grant = ask("key").orElseThrow();
		this.locks.release(grant, Duration.ofSeconds(1));

		assertThat(this.locks.renew(List.of(new LockRenewal(grant, Duration.ofSeconds(60)))).lost())
			.containsExactly(grant);
		assertThat(ask("key")).isEmpty();
		this.ticks.addAndGet(Duration.ofSeconds(1).toNanos());
		assertThat(ask("key")).isPresent();
	}

}
