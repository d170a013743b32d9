package com.nocobase.cluster.message;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.deser.jdk.StringDeserializer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.ser.jdk.StringSerializer;

/**
 * JSON texts that are one string, such as a token or an id, at a fraction of what a
 * parser costs. Whatever is unusual is left to the mapper.
 */
final class JsonStrings {

	/** What is put where the bytes are not UTF-8. */
	private static final char REPLACED = '\ufffd';

	/** Bytes that do not stand for themselves, or must not be there. */
	private static final boolean[] SPECIAL = new boolean[256];

	static {
		Arrays.fill(SPECIAL, 0, ' ', true);
		SPECIAL['"'] = true;
		SPECIAL['\\'] = true;
	}

	private JsonStrings() {
	}

	static boolean areReadAsUsual(JsonMapper mapper) {
		return !mapper.isEnabled(DeserializationFeature.UNWRAP_ROOT_VALUE) && mapper._deserializationContext()
			.findRootValueDeserializer(mapper.constructType(String.class))
			.getClass() == StringDeserializer.class;
	}

	static boolean areWrittenAsUsual(JsonMapper mapper) {
		return !mapper.isEnabled(SerializationFeature.WRAP_ROOT_VALUE) && mapper._serializationContext()
			.findRootValueSerializer(String.class)
			.getClass() == StringSerializer.class;
	}

	/**
	 * Writes a string.
	 * @param value the string
	 * @return the JSON text, {@code null} if this is for the mapper to write
	 */
	static byte @Nullable [] write(String value) {
		byte[] json = new byte[2 * value.length() + 2];
		int length = 0;
		json[length++] = '"';
		for (int i = 0; i < value.length(); i++) {
			char each = value.charAt(i);
			if (each > '~') {
				return null;
			}
			if (SPECIAL[each]) {
				byte escape = escape(each);
				if (escape == 0) {
					return null;
				}
				json[length++] = '\\';
				json[length++] = escape;
			}
			else {
				json[length++] = (byte) each;
			}
		}
		json[length++] = '"';
		return Arrays.copyOf(json, length);
	}

	private static byte escape(char special) {
		return switch (special) {
			case '"', '\\' -> (byte) special;
			case '\n' -> 'n';
			case '\t' -> 't';
			case '\r' -> 'r';
			case '\b' -> 'b';
			case '\f' -> 'f';
			default -> 0;
		};
	}

	/**
	 * Reads a string.
	 * @param json the JSON text
	 * @return the string, {@code null} if this is for the mapper to read, or to refuse
	 */
	static @Nullable String read(byte[] json) {
		int end = json.length - 1;
		if (end < 1 || json[0] != '"' || json[end] != '"') {
			return null;
		}
		int plain = plainEnd(json, 1, end);
		if (plain == end) {
			return text(json, 1, end - 1);
		}
		byte[] text = new byte[end - 1];
		int length = 0;
		int from = 1;
		while (plain < end) {
			byte meant = (json[plain] == '\\' && plain + 1 < end) ? unescaped(json[plain + 1]) : 0;
			if (meant == 0) {
				return null;
			}
			System.arraycopy(json, from, text, length, plain - from);
			length += plain - from;
			text[length++] = meant;
			from = plain + 2;
			plain = plainEnd(json, from, end);
		}
		System.arraycopy(json, from, text, length, end - from);
		return text(text, 0, length + end - from);
	}

	private static int plainEnd(byte[] json, int from, int end) {
		int at = from;
		while (at < end && !SPECIAL[json[at] & 0xff]) {
			at++;
		}
		return at;
	}

	private static @Nullable String text(byte[] utf8, int from, int length) {
		String text = new String(utf8, from, length, StandardCharsets.UTF_8);
		return (text.indexOf(REPLACED) < 0) ? text : null;
	}

	private static byte unescaped(byte escape) {
		return switch (escape) {
			case '"', '\\', '/' -> escape;
			case 'n' -> '\n';
			case 't' -> '\t';
			case 'r' -> '\r';
			case 'b' -> '\b';
			case 'f' -> '\f';
			default -> 0;
		};
	}

}
