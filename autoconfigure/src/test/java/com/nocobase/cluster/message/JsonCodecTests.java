package com.nocobase.cluster.message;

import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TimeZone;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;
import tools.jackson.databind.DefaultTyping;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.jsontype.BasicPolymorphicTypeValidator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class JsonCodecTests {

	private static final AtomicInteger BUILT = new AtomicInteger();

	private final JsonCodec codec = codec(JsonMapper.builder().build());

	@Test
	void classNameOnTheWireIsNeverFollowed() {
		JsonMapper trusting = JsonMapper.builder()
			.activateDefaultTyping(BasicPolymorphicTypeValidator.builder().allowIfBaseType(Object.class).build(),
					DefaultTyping.NON_FINAL)
			.build();
		String gadget = "[\"" + Gadget.class.getName() + "\",{\"text\":\"x\"}]";

		Object read = codec(trusting).read(bytes(gadget), Object.class);

		assertThat(read).isEqualTo(List.of(Gadget.class.getName(), Map.of("text", "x")));
		assertThat(BUILT).hasValue(0);
	}

	@Test
	void typeInfoByClassIsRefused() {
		String gadget = "{\"value\":{\"@class\":\"" + Gadget.class.getName() + "\",\"text\":\"x\"}}";

		assertThatExceptionOfType(PayloadException.class)
			.isThrownBy(() -> this.codec.read(bytes(gadget), Holder.class));

		assertThat(BUILT).hasValue(0);
	}

	@Test
	void unknownPropertiesAreIgnored() {
		assertThat(this.codec.read(bytes("{\"name\":\"a\",\"newer\":[1]}"), Named.class)).isEqualTo(new Named("a"));
	}

	@Test
	void offsetAndZoneOfADateAreKept() {
		Instant time = Instant.parse("2026-02-28T23:59:59.123456789Z");
		JsonMapper elsewhere = JsonMapper.builder().defaultTimeZone(TimeZone.getTimeZone("America/New_York")).build();

		for (Object date : List.of(time.atOffset(ZoneOffset.ofHours(3)), time.atOffset(ZoneOffset.UTC),
				time.atZone(ZoneId.of("Europe/Paris")), time.atZone(ZoneId.of("UTC")), time.atZone(ZoneOffset.UTC))) {
			for (JsonCodec each : List.of(this.codec, codec(elsewhere))) {
				assertThat(each.read(each.write(date), (Type) date.getClass())).isEqualTo(date);
			}
		}
	}

	@Test
	void emptyRecordIsAMessage() {
		assertThat(this.codec.read(this.codec.write(new Signal()), Signal.class)).isEqualTo(new Signal());
	}

	@Test
	void whatJsonCannotCarryIsRefused() {
		List<Object> itself = new ArrayList<>();
		itself.add(itself);

		for (Object value : List.of(new Object(), new CompletableFuture<String>(), itself)) {
			assertThatExceptionOfType(PayloadException.class).isThrownBy(() -> this.codec.write(value))
				.withMessageContaining(value.getClass().getName());
		}
	}

	@Test
	void deeplyNestedTextIsRefused() {
		byte[] deep = bytes("[".repeat(20_000) + "]".repeat(20_000));

		assertThatExceptionOfType(PayloadException.class).isThrownBy(() -> this.codec.read(deep, Object.class));
	}

	@Test
	void applicationsMapperIsLeftAsItIs() {
		JsonMapper mapper = JsonMapper.builder().build();

		codec(mapper);

		assertThatExceptionOfType(RuntimeException.class)
			.isThrownBy(() -> mapper.readValue("{\"name\":\"a\"} trailing", Named.class));
		assertThat(codec(mapper).limit()).isEqualTo(DataSize.ofKilobytes(100));
	}

	private static JsonCodec codec(JsonMapper mapper) {
		return new JsonCodec(mapper, DataSize.ofKilobytes(100));
	}

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	record Named(String name) {
	}

	record Signal() {
	}

	record Holder(@JsonTypeInfo(use = JsonTypeInfo.Id.CLASS) @Nullable Object value) {
	}

	public static class Gadget {

		private String text = "";

		Gadget() {
			BUILT.incrementAndGet();
		}

		public String getText() {
			return this.text;
		}

		public void setText(String text) {
			this.text = text;
		}

	}

}
