package com.nocobase.cluster.message;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.springframework.util.Assert;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Reads any header: fields in any order, with those that a later version may add.
 */
final class HeaderParser {

	private int version;

	private @Nullable String id;

	private @Nullable String type;

	private @Nullable String sender;

	private long sentAt;

	private final Map<String, String> headers = new HashMap<>();

	HeaderParser(JsonParser parser) {
		Assert.isTrue(parser.nextToken() == JsonToken.START_OBJECT, "not an object");
		while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
			String name = parser.currentName();
			parser.nextToken();
			field(name, parser);
		}
		Assert.isTrue(parser.currentToken() == JsonToken.END_OBJECT, "not an object");
	}

	private void field(String name, JsonParser parser) {
		switch (name) {
			case "v" -> this.version = parser.getIntValue();
			case "id" -> this.id = text(parser);
			case "type" -> this.type = text(parser);
			case "from" -> this.sender = text(parser);
			case "at" -> this.sentAt = parser.getLongValue();
			case "h" -> readHeaders(parser);
			default -> parser.skipChildren();
		}
	}

	private void readHeaders(JsonParser parser) {
		Assert.isTrue(parser.currentToken() == JsonToken.START_OBJECT, "headers are not an object");
		while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
			String name = parser.currentName();
			parser.nextToken();
			if (parser.currentToken() == JsonToken.VALUE_STRING) {
				this.headers.put(name, parser.getString());
			}
			parser.skipChildren();
		}
	}

	private static String text(JsonParser parser) {
		Assert.isTrue(parser.currentToken() == JsonToken.VALUE_STRING, "id, type or from is not a text");
		return parser.getString();
	}

	Envelope envelope(byte[] payload) {
		Assert.isTrue(this.version > 0 && this.id != null && this.type != null && this.sender != null,
				"v, id, type or from is missing");
		return new Envelope(this.version, this.id, this.type, this.sender, Instant.ofEpochMilli(this.sentAt),
				this.headers, payload);
	}

}
