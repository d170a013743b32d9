package com.nocobase.cluster.message;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.util.unit.DataSize;
import tools.jackson.databind.DefaultTyping;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.jsontype.BasicPolymorphicTypeValidator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Values to JSON and back.
 */
class JsonCodecTests {

	private final JsonCodec codec = new JsonCodec(JsonMapper.builder().build(), DataSize.ofKilobytes(1));

	@Test
	void valuesComeBackEqual() {
		Order order = new Order(1_234_567_890_123_456L, "ä€😀", List.of(), Instant.parse("2026-11-22T10:00:00.123Z"),
				Color.RED, new BigDecimal("0.10"), null);
		assertThat(this.codec.read(this.codec.write(order), Order.class)).isEqualTo(order);
		List<Order> orders = List.of(order);
		assertThat(this.codec.read(this.codec.write(orders), new ParameterizedTypeReference<List<Order>>() {
		}.getType())).isEqualTo(orders);
		assertThat(this.codec.read(this.codec.write(null), Order.class)).isNull();
	}

	@Test
	void unknownPropertiesAreIgnoredSoThatOldInstancesReadNewMessages() {
		byte[] json = "{\"name\":\"a\",\"addedLater\":{\"x\":[1]}}".getBytes(StandardCharsets.UTF_8);
		assertThat(this.codec.read(json, Named.class)).isEqualTo(new Named("a"));
	}

	@Test
	void valueOverTheLimitIsRefused() {
		assertThatExceptionOfType(PayloadTooLargeException.class).isThrownBy(() -> this.codec.write("x".repeat(2_000)))
			.withMessageContaining("2002 bytes, more than the 1024");
	}

	@Test
	void whatJsonCannotCarryIsRefused() {
		List<Object> itself = new ArrayList<>();
		itself.add(itself);
		for (Object value : Arrays.asList(new Object(), itself, new CompletableFuture<String>(), Thread.currentThread(),
				(Runnable) () -> {
				}, new Throwing(0))) {
			assertThatExceptionOfType(PayloadException.class).as("%s", value.getClass())
				.isThrownBy(() -> this.codec.write(value));
		}
	}

	@Test
	void jsonOfAnotherShapeIsRefused() {
		byte[] json = "[1,2".getBytes(StandardCharsets.UTF_8);
		assertThatExceptionOfType(PayloadException.class).isThrownBy(() -> this.codec.read(json, Named.class))
			.withMessageContaining("Named");
		String deep = "[".repeat(100_000);
		assertThatExceptionOfType(PayloadException.class)
			.isThrownBy(() -> this.codec.read(deep.getBytes(StandardCharsets.UTF_8), Object.class));
	}

	@Test
	void classNamedOnTheWireIsNeverMade() {
		JsonMapper unsafe = JsonMapper.builder()
			.activateDefaultTyping(BasicPolymorphicTypeValidator.builder().allowIfBaseType(Object.class).build(),
					DefaultTyping.NON_FINAL)
			.build();
		JsonCodec safe = new JsonCodec(unsafe, DataSize.ofKilobytes(1));
		byte[] json = "[\"%s\",{}]".formatted(Gadget.class.getName()).getBytes(StandardCharsets.UTF_8);
		assertThat(safe.read(json, Object.class)).isEqualTo(List.of(Gadget.class.getName(), Map.of()));
		byte[] property = "{\"@class\":\"%s\"}".formatted(Gadget.class.getName()).getBytes(StandardCharsets.UTF_8);
		assertThatExceptionOfType(PayloadException.class).isThrownBy(() -> safe.read(property, Marked.class));
		assertThat(Gadget.MADE).isFalse();
	}

	/**
	 * A value with all that is easily spoilt.
	 *
	 * @param id more digits than a float has
	 * @param name beyond ASCII
	 * @param items empty
	 * @param at to the millisecond
	 * @param color an enum
	 * @param price with its scale
	 * @param note {@code null}
	 */
	record Order(long id, String name, List<String> items, Instant at, Color color, BigDecimal price,
			@Nullable String note) {
	}

	record Named(String name) {
	}

	enum Color {

		RED

	}

	@JsonTypeInfo(use = JsonTypeInfo.Id.CLASS)
	interface Marked {

	}

	static class Gadget implements Marked {

		static final AtomicBoolean MADE = new AtomicBoolean();

		Gadget() {
			MADE.set(true);
		}

	}

	/**
	 * A value that is not well.
	 *
	 * @param id its id
	 */
	record Throwing(int id) {

		@JsonProperty
		String name() {
			if (this.id == 0) {
				throw new IllegalStateException("no");
			}
			return "name";
		}

	}

}
