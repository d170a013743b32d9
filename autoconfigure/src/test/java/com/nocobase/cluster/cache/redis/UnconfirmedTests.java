package com.nocobase.cluster.cache.redis;

import java.util.Collection;
import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.mockito.InOrder;

import com.nocobase.cluster.cache.CacheRegion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.anyCollection;
import static org.mockito.BDDMockito.willAnswer;
import static org.mockito.Mockito.inOrder;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;

class UnconfirmedTests {

	@SuppressWarnings("unchecked")
	private final CacheRegion<Object> region = mock(CacheRegion.class);

	private final Unconfirmed unconfirmed = new Unconfirmed("c", this.region);

	@Test
	void keysAreRemovedAtTheServerAndForgotten() {
		assertThat(this.unconfirmed.isEmpty()).isTrue();
		this.unconfirmed.add(List.of("a", "b"));
		assertThat(this.unconfirmed.isEmpty()).isFalse();
		assertThat(this.unconfirmed.contains("a")).isTrue();
		assertThat(this.unconfirmed.contains("c")).isFalse();

		this.unconfirmed.remove();

		verify(this.region).deleteAll(anyCollection());
		assertThat(this.unconfirmed.contains("a")).isFalse();
		assertThat(this.unconfirmed.isEmpty()).isTrue();
	}

	@Test
	void laterChangeThatIsConfirmedMakesUpForAnEarlierOne() {
		this.unconfirmed.add(List.of("a"));

		this.unconfirmed.confirmed(List.of("a"), this.unconfirmed.last());

		assertThat(this.unconfirmed.contains("a")).isFalse();
	}

	@Test
	void changeThatBeganBeforeMakesUpForNothing() {
		long before = this.unconfirmed.last();
		this.unconfirmed.add(List.of("a"));

		this.unconfirmed.confirmed(List.of("a"), before);

		assertThat(this.unconfirmed.contains("a")).isTrue();
	}

	@Test
	void keyThatChangesWhileItIsRemovedStays() {
		this.unconfirmed.add(List.of("a", "b"));
		willAnswer((call) -> {
			this.unconfirmed.add(List.of("a"));
			return null;
		}).given(this.region).deleteAll(anyCollection());

		this.unconfirmed.remove();

		assertThat(this.unconfirmed.contains("a")).isTrue();
		assertThat(this.unconfirmed.contains("b")).isFalse();
	}

	@Test
	void tooManyKeysStandForAllUntilAllAreRemoved() {
		this.unconfirmed.add(numbered(Unconfirmed.MOST));
		assertThat(this.unconfirmed.contains("other")).isFalse();

		this.unconfirmed.add(List.of("one more"));

		assertThat(this.unconfirmed.contains("other")).isTrue();
		this.unconfirmed.confirmed(List.of("other"), this.unconfirmed.last());
		assertThat(this.unconfirmed.contains("other")).isTrue();
		this.unconfirmed.remove();
		verify(this.region).clear();
		verify(this.region, never()).deleteAll(anyCollection());
		assertThat(this.unconfirmed.contains("other")).isFalse();
	}

	@Test
	void allStaysWhereItIsSaidAgainMeanwhile() {
		this.unconfirmed.addAll();
		willAnswer((call) -> {
			this.unconfirmed.addAll();
			return null;
		}).given(this.region).clear();

		this.unconfirmed.remove();

		assertThat(this.unconfirmed.contains("a")).isTrue();
	}

	@Test
	void keysAreRemovedInSteps() {
		this.unconfirmed.add(numbered(1_200));

		this.unconfirmed.remove();

		InOrder calls = inOrder(this.region);
		calls.verify(this.region, times(3)).deleteAll(anyCollection());
		calls.verifyNoMoreInteractions();
	}

	private static Collection<String> numbered(int count) {
		return IntStream.range(0, count).mapToObj((i) -> "k" + i).toList();
	}

}
