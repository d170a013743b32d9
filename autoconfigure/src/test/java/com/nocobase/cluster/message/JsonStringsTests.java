package com.nocobase.cluster.message;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.util.unit.DataSize;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.deser.std.StdDeserializer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What is read and written without the mapper is what the mapper reads and writes.
 */
class JsonStringsTests {

	private static final String PARTS = "aB1 \"\\/\b\f\n\r\t\u0000\u001f\u007f\u00e9\u20ac\u2028\ufffd<>&'{}[]";

	private final JsonMapper mapper = JsonMapper.builder().build();

	private final JsonCodec codec = new JsonCodec(this.mapper, DataSize.ofMegabytes(1));

	@Test
	void randomStringsComeBackAndAreTheMappersToo() {
		Random random = new Random(7);
		for (int i = 0; i < 5_000; i++) {
			String value = random.ints(random.nextInt(40), 0, PARTS.length() + 1)
				.mapToObj((at) -> (at < PARTS.length()) ? PARTS.substring(at, at + 1) : "\ud83d\ude00")
				.collect(Collectors.joining());

			byte[] json = this.codec.write(value);

			assertThat(json).isEqualTo(this.mapper.writeValueAsBytes(value));
			assertThat(this.codec.read(json, String.class)).isEqualTo(value);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "\"\\u0041\\u00e9\"", " \"a\" ", "null", "\"\\/\"", "12", "true", "\"\"" })
	void unusualTextsAreReadByTheMapper(String json) {
		byte[] bytes = json.getBytes(StandardCharsets.UTF_8);

		assertThat(this.codec.read(bytes, String.class)).isEqualTo(this.mapper.readValue(bytes, String.class));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "\"", "a\"", "\"a", "\"a\\\"", "\"a\\x\"", "\"a\nb\"", "[\"a\"]", "{\"a\":\"b\"}" })
	void whatIsNoStringIsRefused(String json) {
		assertThatExceptionOfType(PayloadException.class)
			.isThrownBy(() -> this.codec.read(json.getBytes(StandardCharsets.UTF_8), String.class));
	}

	@Test
	void bytesThatAreNoTextAreRefused() {
		assertThatExceptionOfType(PayloadException.class)
			.isThrownBy(() -> this.codec.read(new byte[] { '"', (byte) 0xc3, '(', '"' }, String.class));
	}

	@Test
	void halfACharacterComesBack() {
		assertThat(this.codec.read(this.codec.write("half \ud83d"), String.class)).isEqualTo("half \ud83d");
	}

	@Test
	void applicationsOwnWayWithStringsIsKept() {
		JsonCodec trimming = new JsonCodec(JsonMapper.builder()
			.addModule(new SimpleModule().addDeserializer(String.class, new Trimming()))
			.build(), DataSize.ofMegabytes(1));

		assertThat(trimming.read(trimming.write(" a "), String.class)).isEqualTo("a");
	}

	private static final class Trimming extends StdDeserializer<String> {

		Trimming() {
			super(String.class);
		}

		@Override
		public String deserialize(JsonParser parser, DeserializationContext context) throws JacksonException {
			return parser.getString().strip();
		}

	}

}
