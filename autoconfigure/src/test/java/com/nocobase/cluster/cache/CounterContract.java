package com.nocobase.cluster.cache;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

/**
 * What counters promise on every store.
 */
public abstract class CounterContract extends CacheFixture {

	@Test
	void countsFromZero() {
		Counter counter = counter();

		assertThat(counter.get("k")).isZero();
		assertThat(counter.incr("k")).isEqualTo(1);
		assertThat(counter.incrBy("k", 5, LONG)).isEqualTo(6);
		assertThat(counter.incrBy("k", -2, LONG)).isEqualTo(4);
		assertThat(counter.get("k")).isEqualTo(4);
		assertThat(counter.get("other")).isZero();
	}

	/** C11. */
	@Test
	void countersOfOneNameAreTheSame() {
		String name = name();

		caches().createCounter(name, null).incr("k");
		caches().createCounter(name, null).incr("k");

		assertThat(caches().createCounter(name, null).get("k")).isEqualTo(2);
		assertThat(counter().get("k")).isZero();
	}

	/** C11. */
	@Test
	void windowIsSetByTheFirstHitAlone() {
		Counter counter = counter();
		counter.incr("k", Duration.ofMillis(400));

		await().pollInterval(Duration.ofMillis(20))
			.untilAsserted(() -> assertThat(counter.incr("k", Duration.ofHours(1))).isEqualTo(1));
	}

	/** C11. */
	@Test
	void hitWithoutWindowDoesNotTouchIt() {
		Counter counter = counter();
		counter.incr("k", Duration.ofSeconds(1));

		counter.incr("k");

		assertThat(counter.get("k")).isEqualTo(2);
		await().untilAsserted(() -> assertThat(counter.get("k")).isZero());
	}

	/** C11: the reference starts the window anew when the count is 0. */
	@Test
	void countOfZeroKeepsItsWindow() {
		Counter counter = counter();
		counter.incrBy("k", 1, Duration.ofSeconds(1));
		counter.incrBy("k", -1, Duration.ofHours(1));
		counter.incrBy("k", 7, Duration.ofHours(1));

		await().untilAsserted(() -> assertThat(counter.get("k")).isZero());
	}

	@Test
	void resetStartsAnew() {
		Counter counter = counter();
		counter.incr("k", Duration.ofHours(1));

		counter.reset("k");

		assertThat(counter.get("k")).isZero();
		assertThat(counter.incr("k", SHORT)).isEqualTo(1);
		await().untilAsserted(() -> assertThat(counter.get("k")).isZero());
	}

	@Test
	void noHitIsLost() throws Exception {
		Counter counter = counter();

		atOnce(8, () -> {
			for (int i = 0; i < 50; i++) {
				counter.incr("k", Duration.ofHours(1));
			}
			return "";
		});

		assertThat(counter.get("k")).isEqualTo(400);
	}

	@Test
	void countThatWouldOverflowIsLeftAsItIs() {
		Counter counter = counter();
		counter.incrBy("k", Long.MAX_VALUE, LONG);

		assertThatExceptionOfType(CacheException.class).isThrownBy(() -> counter.incr("k"));
		assertThat(counter.get("k")).isEqualTo(Long.MAX_VALUE);
	}

	@Test
	void badArgumentsAreRefused() {
		Counter counter = counter();

		assertThatIllegalArgumentException().isThrownBy(() -> counter.incr(" ")).withMessageStartingWith("key");
		assertThatIllegalArgumentException().isThrownBy(() -> counter.get("x".repeat(10_000)));
		assertThatIllegalArgumentException().isThrownBy(() -> counter.incr("k", Duration.ZERO))
			.withMessage("ttl must be positive, but is PT0S");
		assertThatIllegalArgumentException().isThrownBy(() -> counter.incrBy("k", 1, Duration.ofSeconds(-1)));
		assertThatIllegalArgumentException().isThrownBy(() -> caches().createCounter("", null));
		assertThat(counter.get("k")).isZero();
	}

	private Counter counter() {
		return caches().createCounter(name(), null);
	}

}
