package com.nocobase.cluster.message;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.util.unit.DataSize;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class MessageCodecTests {

	private static final String HEADER = "{\"v\":1,\"id\":\"i\",\"type\":\"string\",\"from\":\"a\",\"at\":5}";

	private static final Instant NOW = Instant.ofEpochMilli(42);

	private final MessageCodec codec = new MessageCodec(
			new JsonCodec(JsonMapper.builder().build(), DataSize.ofBytes(100)), new Instance("app", "me"),
			Clock.fixed(NOW, ZoneOffset.UTC));

	@Test
	void messageComesBackAsItWas() {
		Envelope sent = this.codec.wrap(new Order(7, "ä\n\"x\""), Map.of("to", "all"));

		Envelope read = this.codec.decode(this.codec.encode(sent));

		assertThat(read).isEqualTo(sent);
		assertThat(read.version()).isEqualTo(Envelope.VERSION);
		assertThat(read.type()).isEqualTo("order");
		assertThat(read.sender()).isEqualTo("me");
		assertThat(read.sentAt()).isEqualTo(NOW);
		assertThat(read.header("to")).isEqualTo("all");
		assertThat(read.header("absent")).isNull();
		assertThat(this.codec.read(read, Order.class)).isEqualTo(new Order(7, "ä\n\"x\""));
	}

	@Test
	void unknownHeaderFieldsAreIgnored() {
		Envelope read = decode("{\"new\":{\"deep\":[1,{}]},\"v\":1,\"id\":\"i\",\"type\":\"t\",\"from\":\"a\",\"at\":5,"
				+ "\"h\":{\"known\":\"x\",\"object\":{\"a\":1},\"number\":3},\"more\":null}\n1");

		assertThat(read.headers()).containsExactly(Map.entry("known", "x"));
		assertThat(read.isNewer()).isFalse();
	}

	@Test
	void newerVersionIsRecognized() {
		assertThat(decode(HEADER.replace("\"v\":1", "\"v\":2") + "\nwhatever").isNewer()).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "\n", "no line feed", "[]\n1", "1\n1", "{}\n1", "{\"v\":1\n1", "{\"v\":\"1\"}\n1",
			"{\"v\":0,\"id\":\"i\",\"type\":\"t\",\"from\":\"a\"}\n1",
			"{\"v\":99999999999,\"id\":\"i\",\"type\":\"t\",\"from\":\"a\"}\n1",
			"{\"v\":1,\"id\":{\"a\":1},\"type\":\"t\",\"from\":\"a\"}\n1",
			"{\"v\":1,\"id\":null,\"type\":\"t\",\"from\":\"a\"}\n1", "{\"v\":1,\"id\":\"i\",\"type\":\"t\"}\n1",
			"{\"v\":1,\"id\":\"i\",\"type\":\"t\",\"from\":\"a\",\"h\":[]}\n1", "\u0000\u0001\n\u0002" })
	void whatIsNotOursIsMalformed(String frame) {
		assertThatExceptionOfType(MalformedMessageException.class).isThrownBy(() -> decode(frame));
	}

	@Test
	void payloadAndHeaderOverTheLimitAreRefusedOnBothSides() {
		assertThatExceptionOfType(PayloadTooLargeException.class)
			.isThrownBy(() -> this.codec.wrap("x".repeat(101), Map.of()))
			.withMessageContaining("nocobase.cluster.max-payload");
		assertThatExceptionOfType(MalformedMessageException.class)
			.isThrownBy(() -> decode(HEADER + "\n" + "1".repeat(101)));
		assertThatExceptionOfType(MalformedMessageException.class)
			.isThrownBy(() -> decode(HEADER.replace("\"i\"", "\"" + "i".repeat(20_000) + "\"") + "\n1"));
		Envelope tall = this.codec.wrap("x", Map.of("error", "e".repeat(20_000)));
		assertThatExceptionOfType(PayloadException.class).isThrownBy(() -> this.codec.encode(tall));
	}

	@Test
	void nullIsNoMessage() {
		assertThatExceptionOfType(PayloadException.class)
			.isThrownBy(() -> this.codec.read(decode(HEADER + "\nnull"), Object.class));
	}

	@Test
	void payloadOfAnotherShapeCannotBeRead() {
		assertThatExceptionOfType(PayloadException.class)
			.isThrownBy(() -> this.codec.read(decode(HEADER + "\n{\"number\":\"x\"}"), Order.class))
			.withMessageContaining("Order");
		assertThatExceptionOfType(PayloadException.class)
			.isThrownBy(() -> this.codec.read(decode(HEADER + "\n{\"number\":1} trailing"), Order.class));
	}

	@Test
	void lambdaHasNoNameToSendUnder() {
		Runnable lambda = () -> {
		};
		assertThatIllegalArgumentException().isThrownBy(() -> this.codec.wrap(lambda, Map.of()));
		assertThatIllegalArgumentException().isThrownBy(() -> this.codec.wrap(new Object() {
		}, Map.of()));
	}

	@Test
	void jsonKindsShareOneType() {
		assertThat(List.of(1, 2L, 3.0).stream().map((value) -> this.codec.wrap(value, Map.of()).type()))
			.containsOnly("number");
		assertThat(this.codec.wrap("x", Map.of()).type()).isEqualTo("string");
		assertThat(this.codec.wrap(true, Map.of()).type()).isEqualTo("boolean");
		assertThat(this.codec.wrap(List.of(), Map.of()).type()).isEqualTo("list");
		assertThat(this.codec.wrap(new int[0], Map.of()).type()).isEqualTo("list");
		assertThat(this.codec.wrap(Map.of(), Map.of()).type()).isEqualTo("map");
	}

	@ParameterizedTest
	@ValueSource(strings = { "plain", "", "with \"quotes\"", "back\\slash", "line\nfeed", "ümlaut", "\u007f", "{}:,#" })
	void headerIsTheSameWhoeverWritesIt(String text) {
		Map<String, String> headers = new LinkedHashMap<>();
		headers.put("to", "all");
		headers.put(text, text);
		for (Map<String, String> each : List.of(Map.<String, String>of(), Map.of("to", "all"), headers)) {
			Envelope sent = new Envelope(1, text, "t" + text, "f" + text, NOW, each, new byte[] { '1' });

			Envelope read = this.codec.decode(this.codec.encode(sent));

			assertThat(read).usingRecursiveComparison().isEqualTo(sent);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "{\"v\":1,\"id\":\"i\",\"type\":\"string\",\"from\":\"a\",\"at\":5}",
			"{ \"v\":1,\"id\":\"i\",\"type\":\"string\",\"from\":\"a\",\"at\":5 }",
			"{\"id\":\"i\",\"v\":1,\"type\":\"string\",\"from\":\"a\",\"at\":5}",
			"{\"v\":1,\"id\":\"\\u0069\",\"type\":\"string\",\"from\":\"a\",\"at\":5}",
			"{\"v\":1,\"id\":\"i\",\"type\":\"string\",\"from\":\"a\",\"at\":5,\"h\":{}}",
			"{\"v\":1,\"id\":\"i\",\"type\":\"string\",\"from\":\"a\",\"at\":5,\"h\":{\"x\":1}}",
			"{\"v\":1,\"id\":\"i\",\"type\":\"string\",\"from\":\"a\",\"at\":5,\"new\":[]}" })
	void headerMayBeWrittenInOtherWays(String header) {
		Envelope read = decode(header + "\n\"payload\"");

		assertThat(read).usingRecursiveComparison()
			.isEqualTo(new Envelope(1, "i", "string", "a", Instant.ofEpochMilli(5), Map.of(),
					"\"payload\"".getBytes(StandardCharsets.UTF_8)));
	}

	@ParameterizedTest
	@ValueSource(strings = { "{\"v\":1,\"id\":\"i\",\"type\":\"t\",\"from\":\"a\",\"at\":05}\n1",
			"{\"v\":1,\"id\":\"i\",\"type\":\"t\",\"from\":\"a\",\"at\":}\n1",
			"{\"v\":1,\"id\":\"i\",\"type\":\"t\",\"from\":\"a\",\"at\":99999999999999999999}\n1",
			"{\"v\":1,\"id\":\"i\",\"type\":\"t\",\"from\":\"a\",\"at\":5,\"h\":{\"a\":\"b\"\n1",
			"{\"v\":1,\"id\":\"i\",\"type\":\"t\",\"from\":\"a\",\"at\":5,\"h\":{,}}\n1" })
	void whatOnlyLooksLikeOursIsMalformed(String frame) {
		assertThatExceptionOfType(MalformedMessageException.class).isThrownBy(() -> decode(frame));
	}

	@Test
	void ownFrameIsKnownUnread() {
		byte[] own = this.codec.encode(this.codec.wrap("x", Map.of()));

		assertThat(this.codec.isOwn(own)).isTrue();
		own[own.length - 1] = '{';
		assertThat(this.codec.isOwn(own)).isTrue();
		assertThat(this.codec.isOwn(this.codec.encode(this.codec.wrap("x", Map.of("to", "all"))))).isFalse();
		assertThat(this.codec.isOwn(bytes(HEADER + "\n1"))).isFalse();
		assertThat(this.codec.isOwn(bytes(HEADER.replace("\"a\"", "\"me2\"") + "\n1"))).isFalse();
		assertThat(this.codec.isOwn(bytes(HEADER.replace("\"a\"", "\"m\"") + "\n1"))).isFalse();
		assertThat(this.codec.isOwn(new byte[0])).isFalse();
		assertThat(this.codec.isOwn(bytes("\n"))).isFalse();
	}

	@Test
	void idsAreNeverTheSame() {
		MessageCodec other = new MessageCodec(this.codec.json(), this.codec.instance(), Clock.systemUTC());

		List<String> ids = Stream.of(this.codec, this.codec, other, other)
			.map((each) -> each.wrap("x", Map.of()).id())
			.toList();

		assertThat(ids).doesNotHaveDuplicates();
	}

	private static byte[] bytes(String frame) {
		return frame.getBytes(StandardCharsets.UTF_8);
	}

	private Envelope decode(String frame) {
		return this.codec.decode(frame.getBytes(StandardCharsets.UTF_8));
	}

	record Order(int number, String text) {
	}

}
