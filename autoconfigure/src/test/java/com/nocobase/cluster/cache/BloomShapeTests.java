package com.nocobase.cluster.cache;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class BloomShapeTests {

	@Test
	void hashIsMurmur3() {
		assertThat(hash("")).isEqualTo("00000000000000000000000000000000");
		assertThat(hash("hello")).isEqualTo("cbd8a7b341bd9b025b1e906a48ae1d19");
		assertThat(hash("The quick brown fox jumps over the lazy dog")).isEqualTo("e34bbc7bbc071b6c7a433ca9c49a9347");
	}

	private static String hash(String text) {
		Murmur3 hash = Murmur3.of(text.getBytes(StandardCharsets.UTF_8));
		return "%016x%016x".formatted(hash.high(), hash.low());
	}

	@Test
	void sizeFollowsFromErrorRateAndCapacity() {
		assertThat(BloomShape.of(0.01, 1_000)).isEqualTo(new BloomShape(9_600, 7));
		assertThat(BloomShape.of(0.99, 1)).isEqualTo(new BloomShape(64, 1));
	}

	/** A bitmap that outlives the process is read by the next version. */
	@Test
	void placesNeverChange() {
		assertThat(new BloomShape(9_600, 3).placesOf("hello")).containsExactly(expected("hello"));
		assertThat(Arrays.stream(new BloomShape(64, 9).placesOf("ü"))).allMatch((place) -> place >= 0 && place < 64);
	}

	private static long[] expected(String item) {
		Murmur3 hash = Murmur3.of(item.getBytes(StandardCharsets.UTF_8));
		long first = Long.remainderUnsigned(hash.high(), 9_600);
		long step = Long.remainderUnsigned(hash.low(), 9_600);
		return new long[] { first, (first + step) % 9_600, (first + 2 * step) % 9_600 };
	}

}
