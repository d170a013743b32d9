package com.nocobase.cluster.support;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class AlarmTests {

	private final ManualTime time = new ManualTime();

	private final AtomicInteger rings = new AtomicInteger();

	private final Alarm alarm = new Alarm(this.time.runtime(), this.rings::incrementAndGet);

	@Test
	void ringsOnceAtItsTime() {
		this.alarm.within(Duration.ofMillis(10));
		this.time.advance(Duration.ofMillis(9));
		assertThat(this.rings).hasValue(0);

		this.time.advance(Duration.ofMillis(1));
		assertThat(this.rings).hasValue(1);

		this.time.advance(Duration.ofSeconds(1));
		assertThat(this.rings).hasValue(1);
	}

	@Test
	void earliestDeadlineWinsAndCostsOneTimer() {
		this.alarm.within(Duration.ofMillis(50));
		this.alarm.within(Duration.ofMillis(20));
		this.alarm.within(Duration.ofMillis(80));
		assertThat(this.time.armed()).isEqualTo(1);

		this.time.advance(Duration.ofMillis(20));

		assertThat(this.rings).hasValue(1);
		assertThat(this.time.armed()).isZero();
	}

	@Test
	void deadlineInThePastRingsAtOnce() {
		this.alarm.by(this.time.runtime().nanoTime() - 1_000_000);

		this.time.advance(Duration.ofMillis(1));

		assertThat(this.rings).hasValue(1);
	}

	@Test
	void cancelledAlarmRingsOnlyWhenArmedAgain() {
		this.alarm.within(Duration.ofMillis(10));
		this.alarm.cancel();
		this.time.advance(Duration.ofMillis(20));
		assertThat(this.rings).hasValue(0);

		this.alarm.within(Duration.ofMillis(10));
		this.time.advance(Duration.ofMillis(10));

		assertThat(this.rings).hasValue(1);
	}

	@Test
	void ringingAlarmCanBeArmedAgain() {
		AtomicReference<Alarm> self = new AtomicReference<>();
		Alarm repeating = new Alarm(this.time.runtime(), () -> {
			this.rings.incrementAndGet();
			self.get().within(Duration.ofMillis(10));
		});
		self.set(repeating);
		repeating.within(Duration.ofMillis(10));

		this.time.advance(Duration.ofMillis(35));

		assertThat(this.rings).hasValue(3);
	}

	@Test
	void alarmWhoseRingThrowsRingsAgainUntilItDoesNot() {
		Alarm failing = new Alarm(this.time.runtime(), () -> {
			if (this.rings.incrementAndGet() < 3) {
				throw new NoClassDefFoundError("expected by the test");
			}
		});
		failing.within(Duration.ofMillis(10));
		this.time.advance(Duration.ofMillis(1009));
		assertThat(this.rings).hasValue(1);

		this.time.advance(Duration.ofMillis(1));
		assertThat(this.rings).hasValue(2);
		this.time.advance(Duration.ofSeconds(1));

		assertThat(this.rings).hasValue(3);
		assertThat(this.time.armed()).isZero();
	}

	@Test
	void deadlineSetByARingThatThrowsIsKept() {
		AtomicReference<Alarm> self = new AtomicReference<>();
		Alarm failing = new Alarm(this.time.runtime(), () -> {
			this.rings.incrementAndGet();
			self.get().within(Duration.ofMillis(20));
			throw new IllegalStateException("expected by the test");
		});
		self.set(failing);
		failing.within(Duration.ofMillis(10));

		this.time.advance(Duration.ofMillis(30));

		assertThat(this.rings).hasValue(2);
		assertThat(this.time.armed()).isEqualTo(1);
	}

}
