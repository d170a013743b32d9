package com.nocobase.cluster.support;

import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class PaceTests {

	private static final long SOON = TimeUnit.MICROSECONDS.toNanos(100);

	private static final long LATER = TimeUnit.MILLISECONDS.toNanos(5);

	private final Pace pace = new Pace();

	private long now = Long.MAX_VALUE - TimeUnit.SECONDS.toNanos(1);

	@Test
	void singleItemsNeverRest() {
		assertThat(drains(1_000, LATER)).isEqualTo(1_000);
	}

	@Test
	void denseFlowRestsSoon() {
		drains(1, LATER);

		assertThat(drains(1_000, SOON)).isEqualTo(8);
	}

	@Test
	void goesOnRestingWhileManyItemsCome() {
		drains(1_000, SOON);

		for (int rest = 0; rest < 1_000; rest++) {
			assertThat(this.pace.rests(14)).isFalse();
			assertThat(this.pace.rests(0)).isTrue();
		}
	}

	@Test
	void restThatWasNotWorthItIsNotRepeatedSoon() {
		drains(1_000, SOON);

		assertThat(this.pace.rests(1)).isFalse();
		assertThat(this.pace.rests(0)).isFalse();
		this.pace.ends(this.now);

		assertThat(drains(1_000, SOON)).isEqualTo(72);
	}

	@Test
	void pauseBetweenItemsEndsTheDenseFlow() {
		drains(7, SOON);
		drains(1, LATER);

		assertThat(drains(1_000, SOON)).isEqualTo(8);
	}

	/** Drains of one item each, until one rests; returns how many there were. */
	private int drains(int most, long gap) {
		for (int count = 1; count <= most; count++) {
			this.now += gap;
			this.pace.begins(this.now);
			assertThat(this.pace.rests(1)).isFalse();
			boolean rests = this.pace.rests(0);
			this.pace.ends(this.now);
			if (rests) {
				return count;
			}
		}
		return most;
	}

}
