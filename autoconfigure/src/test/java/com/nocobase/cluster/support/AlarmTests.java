package com.nocobase.cluster.support;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * One timer for many deadlines.
 */
class AlarmTests {

	private final TestRuntime threads = new TestRuntime();

	private final ClusterRuntime runtime = this.threads.runtime();

	private final AtomicInteger rings = new AtomicInteger();

	private final Alarm alarm = new Alarm(this.runtime, this.rings::incrementAndGet);

	@AfterEach
	void stop() {
		this.threads.close();
	}

	@Test
	void ringsAtTheEarliestDeadlineAndNotBefore() {
		long begin = System.nanoTime();
		this.alarm.within(Duration.ofSeconds(30));
		this.alarm.within(Duration.ofMillis(100));
		this.alarm.within(Duration.ofSeconds(10));
		await().untilAsserted(() -> assertThat(this.rings).hasValue(1));
		assertThat(Duration.ofNanos(System.nanoTime() - begin)).isBetween(Duration.ofMillis(95), Duration.ofSeconds(8));
	}

	@Test
	void deadlineInThePastRingsAtOnceAndItRingsAgainWhenArmedAgain() {
		this.alarm.by(System.nanoTime() - 1_000);
		await().untilAsserted(() -> assertThat(this.rings).hasValue(1));
		this.alarm.within(Duration.ZERO);
		await().untilAsserted(() -> assertThat(this.rings).hasValue(2));
	}

	@Test
	void cancelledAlarmDoesNotRing() {
		this.alarm.within(Duration.ofMillis(50));
		this.alarm.cancel();
		await().during(Duration.ofMillis(150)).until(() -> this.rings.get() == 0);
	}

	@Test
	void noDeadlineIsMissedUnderContention() throws Exception {
		int threadCount = 4;
		int rounds = 200;
		AtomicInteger seen = new AtomicInteger();
		Alarm contended = new Alarm(this.runtime, seen::incrementAndGet);
		var futures = IntStream.range(0, threadCount).mapToObj((thread) -> this.runtime.executor().submit(() -> {
			for (int i = 0; i < rounds; i++) {
				int before = seen.get();
				contended.by(System.nanoTime());
				await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(1)).until(() -> seen.get() > before);
			}
		})).toList();
		for (var future : futures) {
			future.get();
		}
		assertThat(seen.get()).isGreaterThanOrEqualTo(rounds);
	}

}
