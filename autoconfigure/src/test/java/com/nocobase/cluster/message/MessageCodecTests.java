package com.nocobase.cluster.message;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.util.unit.DataSize;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Messages to bytes and back.
 */
class MessageCodecTests {

	private static final Instant NOW = Instant.parse("2026-11-22T10:00:00.123Z");

	private final MessageCodec codec = new MessageCodec(
			new JsonCodec(JsonMapper.builder().build(), DataSize.ofKilobytes(1)), new Instance("crm", "one"),
			Clock.fixed(NOW, ZoneOffset.UTC));

	@Test
	void envelopeComesBackWhole() {
		Envelope sent = this.codec.wrap(new FieldRemoved("orders", "price\n\u0000\""), Map.of("trace", "a\nb"));
		Envelope received = this.codec.decode(this.codec.encode(sent));
		assertThat(received).isEqualTo(sent).usingRecursiveComparison().isEqualTo(sent);
		assertThat(received.type()).isEqualTo("field-removed");
		assertThat(received.sender()).isEqualTo("one");
		assertThat(received.sentAt()).isEqualTo(NOW);
		assertThat(this.codec.read(received, FieldRemoved.class))
			.isEqualTo(new FieldRemoved("orders", "price\n\u0000\""));
	}

	@Test
	void anyJsonValueIsAMessageButNull() {
		for (Object message : new Object[] { "", 0, false, new int[0], Map.of() }) {
			Envelope received = this.codec.decode(this.codec.encode(this.codec.wrap(message, Map.of())));
			assertThat((Object) this.codec.read(received, message.getClass())).isEqualTo(message);
		}
	}

	@Test
	void unknownHeaderFieldsAreSkipped() {
		Envelope received = decode("{\"v\":1,\"later\":{\"x\":[1,{}]},\"id\":\"1\",\"type\":\"t\",\"from\":\"two\","
				+ "\"at\":5,\"h\":{\"a\":\"b\",\"later\":[1]}}\n\"payload\"");
		assertThat(received.id()).isEqualTo("1");
		assertThat(received.headers()).containsEntry("a", "b");
		assertThat(received.isNewer()).isFalse();
	}

	@Test
	void newerVersionIsToldButNotRead() {
		Envelope received = decode("{\"v\":2,\"id\":\"1\",\"type\":\"t\",\"from\":\"two\",\"at\":5}\nwhatever it is");
		assertThat(received.isNewer()).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "\n", "{}\n1", "no json\n1", "[1]\n1", "{\"v\":1\n1", "{\"v\":\"x\"}\n1",
			"\u0000\u0001", "{\"v\":1,\"id\":{},\"type\":\"t\",\"from\":\"two\",\"at\":5}\n1",
			"{\"v\":1,\"id\":\"1\",\"type\":\"t\",\"at\":5}\n1", "{\"v\":99999999999999,\"id\":\"1\"}\n1",
			"{\"v\":0,\"id\":\"1\",\"type\":\"t\",\"from\":\"two\",\"at\":5}\n1" })
	void whatIsNotOursIsMalformed(String frame) {
		assertThatExceptionOfType(MalformedMessageException.class).isThrownBy(() -> decode(frame));
	}

	@Test
	void oversizedFramesAreMalformed() {
		assertThatExceptionOfType(MalformedMessageException.class).isThrownBy(
				() -> decode("{\"v\":1,\"id\":\"1\",\"type\":\"t\",\"from\":\"two\",\"at\":5}\n" + "x".repeat(2_000)))
			.withMessageContaining("max-payload");
		assertThatExceptionOfType(MalformedMessageException.class)
			.isThrownBy(() -> decode("{\"v\":1,\"id\":\"" + "x".repeat(20_000) + "\"}\n1"));
	}

	@Test
	void messageMustNotBeNullOrTooLarge() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.codec.wrap(nothing(), Map.of()))
			.withMessage("A message must not be null");
		assertThatExceptionOfType(PayloadTooLargeException.class)
			.isThrownBy(() -> this.codec.wrap("x".repeat(2_000), Map.of()));
		Envelope nothing = new Envelope(1, "1", "t", "two", NOW, Map.of(), "null".getBytes(StandardCharsets.UTF_8));
		assertThatExceptionOfType(PayloadException.class).isThrownBy(() -> this.codec.read(nothing, String.class));
	}

	private Envelope decode(String frame) {
		return this.codec.decode(frame.getBytes(StandardCharsets.UTF_8));
	}

	@SuppressWarnings({ "NullAway", "DataFlowIssue" }) // what a caller without null
														// checks would do
	private static Object nothing() {
		return null;
	}

	record FieldRemoved(String collection, String field) {
	}

}
