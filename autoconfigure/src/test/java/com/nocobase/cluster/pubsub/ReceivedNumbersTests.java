package com.nocobase.cluster.pubsub;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.UUID;

import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import com.nocobase.cluster.pubsub.ReceivedNumbers.Arrival;

import static org.assertj.core.api.Assertions.assertThat;

class ReceivedNumbersTests {

	private static final int WINDOW = ReceivedNumbers.WINDOW;

	private final ReceivedNumbers numbers = new ReceivedNumbers();

	@Test
	void numberComesOnce() {
		assertThat(arrived(1)).isEqualTo(Arrival.FIRST);
		assertThat(arrived(1)).isEqualTo(Arrival.AGAIN);
		assertThat(arrived(2)).isEqualTo(Arrival.FIRST);
		assertThat(arrived(1)).isEqualTo(Arrival.AGAIN);
	}

	@Test
	void gapIsFilledLater() {
		arrived(10);

		assertThat(arrived(5)).isEqualTo(Arrival.FIRST);
		assertThat(arrived(5)).isEqualTo(Arrival.AGAIN);
		assertThat(arrived(9)).isEqualTo(Arrival.FIRST);
	}

	@Test
	void whatIsBehindTheWindowIsTooLate() {
		arrived(WINDOW + 5L);

		assertThat(arrived(5)).isEqualTo(Arrival.TOO_LATE);
		assertThat(arrived(6)).isEqualTo(Arrival.FIRST);
		assertThat(arrived(Long.MAX_VALUE)).isEqualTo(Arrival.FIRST);
		assertThat(arrived(6)).isEqualTo(Arrival.TOO_LATE);
		assertThat(arrived(Long.MAX_VALUE - WINDOW + 1)).isEqualTo(Arrival.FIRST);
		assertThat(arrived(Long.MAX_VALUE)).isEqualTo(Arrival.AGAIN);
	}

	@RepeatedTest(20)
	void agreesWithAPlainSet() {
		Random random = new Random();
		Set<Long> seen = new HashSet<>();
		long highest = 0;
		for (int i = 0; i < 20_000; i++) {
			int ahead = (random.nextInt(100) == 0) ? random.nextInt(3 * WINDOW) : random.nextInt(3);
			long number = (random.nextInt(4) == 0) ? Math.max(0, highest - random.nextInt(WINDOW + 100))
					: highest + ahead;
			Arrival expected = (number <= highest - WINDOW) ? Arrival.TOO_LATE
					: seen.contains(number) ? Arrival.AGAIN : Arrival.FIRST;

			assertThat(arrived(number)).as("%d of %d", number, highest).isEqualTo(expected);

			seen.add(number);
			highest = Math.max(highest, number);
		}
	}

	@Test
	void lanesDoNotMeet() {
		assertThat(this.numbers.arrived("a#1")).isEqualTo(Arrival.FIRST);
		assertThat(this.numbers.arrived("b#1")).isEqualTo(Arrival.FIRST);
		assertThat(this.numbers.arrived("a#1")).isEqualTo(Arrival.AGAIN);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "#", "a#", "a#x", "a#-1", "a#99999999999999999999", "a-1",
			"550e8400-e29b-11d4-a716-446655440000" })
	void whatHasNoNumberAlwaysComesForTheFirstTime(String id) {
		assertThat(this.numbers.arrived(id)).isEqualTo(Arrival.FIRST);
		assertThat(this.numbers.arrived(id)).isEqualTo(Arrival.FIRST);
	}

	@Test
	void senderThatWasSilentForLongestIsForgotten() {
		for (int i = 0; i < 1_000; i++) {
			this.numbers.arrived("sender" + i + "#7");
		}
		assertThat(this.numbers.arrived("sender0#7")).isEqualTo(Arrival.AGAIN);

		this.numbers.arrived(UUID.randomUUID() + "#7");

		assertThat(this.numbers.arrived("sender0#7")).isEqualTo(Arrival.AGAIN);
		assertThat(this.numbers.arrived("sender1#7")).isEqualTo(Arrival.FIRST);
	}

	private Arrival arrived(long number) {
		return this.numbers.arrived("sender#" + number);
	}

}
