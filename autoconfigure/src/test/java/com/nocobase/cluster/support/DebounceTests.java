package com.nocobase.cluster.support;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class DebounceTests {

	private final ManualTime time = new ManualTime();

	private final List<List<String>> windows = new ArrayList<>();

	private final Debounce<String> debounce = new Debounce<>(this.time.runtime(), Duration.ofMillis(100), 3,
			this.windows::add);

	@Test
	void windowClosesAfterTheQuietTime() {
		offer("A");
		this.time.advance(Duration.ofMillis(60));
		offer("B");
		this.time.advance(Duration.ofMillis(99));
		assertThat(this.windows).isEmpty();

		this.time.advance(Duration.ofMillis(1));

		assertThat(this.windows).containsExactly(List.of("A", "B"));
		assertThat(this.time.armed()).isZero();
	}

	/** P4: equal messages 50 ms apart under a debounce of 100 ms. */
	@Test
	void windowUnderAStreamClosesAfterFiveQuietTimes() {
		for (int i = 0; i < 12; i++) {
			offer("A");
			this.time.advance(Duration.ofMillis(50));
		}
		assertThat(this.windows).containsExactly(List.of("A"));

		this.time.advance(Duration.ofSeconds(1));

		assertThat(this.windows).containsExactly(List.of("A"), List.of("A"));
	}

	@Test
	void equalItemTakesThePlaceOfTheEarlierAtTheEnd() {
		offer("A");
		offer("B");
		offer("A");
		assertThat(this.debounce.size()).isEqualTo(2);

		this.time.advance(Duration.ofMillis(100));

		assertThat(this.windows).containsExactly(List.of("B", "A"));
	}

	@Test
	void fullWindowRefusesOthersButNotEqualOnes() {
		assertThat(offer("A")).isTrue();
		assertThat(offer("B")).isTrue();
		assertThat(offer("C")).isTrue();
		assertThat(offer("D")).isFalse();
		assertThat(offer("B")).isTrue();
	}

	@Test
	void clearedWindowHandsNothingOverAndOpensAgain() {
		offer("A");
		this.debounce.clear();
		this.time.advance(Duration.ofSeconds(1));
		assertThat(this.windows).isEmpty();

		offer("B");
		this.time.advance(Duration.ofMillis(100));

		assertThat(this.windows).containsExactly(List.of("B"));
	}

	@Test
	void longestQuietTimeDoesNotOverflow() {
		Debounce<String> longest = new Debounce<>(this.time.runtime(), Duration.ofSeconds(Long.MAX_VALUE), 3,
				this.windows::add);

		longest.offer("A", "A");
		this.time.advance(Duration.ofSeconds(10));

		assertThat(this.windows).isEmpty();
		assertThat(longest.size()).isEqualTo(1);
	}

	private boolean offer(String item) {
		return this.debounce.offer(item, item);
	}

}
