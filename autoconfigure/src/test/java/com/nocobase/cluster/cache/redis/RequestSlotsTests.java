package com.nocobase.cluster.cache.redis;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import com.nocobase.cluster.cache.redis.RequestSlots.Request;
import com.nocobase.cluster.redis.RedisNames;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class RequestSlotsTests {

	private final RequestSlots slots = new RequestSlots();

	@Test
	void oneAfterTheOtherShareASlotAndTheirNumbersRise() {
		Request first = this.slots.request((request) -> request);
		Request second = this.slots.request((request) -> request);

		assertThat(slot(second)).isEqualTo(slot(first));
		assertThat(number(second)).isGreaterThan(number(first));
	}

	@Test
	void requestsAtATimeHaveSlotsOfTheirOwn() {
		List<String> taken = new ArrayList<>();

		this.slots.request((outer) -> this.slots.request((inner) -> taken.addAll(List.of(slot(outer), slot(inner)))));

		assertThat(taken).hasSize(2).doesNotHaveDuplicates();
	}

	@Test
	void requestThatFailsFreesItsSlot() {
		String slot = this.slots.request(RequestSlotsTests::slot);

		assertThatIllegalStateException().isThrownBy(() -> this.slots.request((request) -> {
			throw new IllegalStateException("expected by the test");
		}));

		assertThat(this.slots.request(RequestSlotsTests::slot)).isEqualTo(slot);
	}

	@Test
	void slotsOfOthersAreOthers() {
		assertThat(new RequestSlots().request(RequestSlotsTests::slot))
			.isNotEqualTo(this.slots.request(RequestSlotsTests::slot));
	}

	@Test
	void noSlotIsTakenTwice() {
		Set<String> taken = ConcurrentHashMap.newKeySet();
		AtomicBoolean twice = new AtomicBoolean();

		CompletableFuture<?>[] threads = IntStream.range(0, 4).mapToObj((thread) -> CompletableFuture.runAsync(() -> {
			for (int i = 0; i < 10_000; i++) {
				this.slots.request((request) -> {
					twice.compareAndSet(false, !taken.add(slot(request)));
					return taken.remove(slot(request));
				});
			}
		})).toArray(CompletableFuture<?>[]::new);
		CompletableFuture.allOf(threads).join();

		assertThat(twice).isFalse();
	}

	private static String slot(Request request) {
		return RedisNames.text(request.slot());
	}

	private static long number(Request request) {
		return Long.parseLong(RedisNames.text(request.number()));
	}

}
