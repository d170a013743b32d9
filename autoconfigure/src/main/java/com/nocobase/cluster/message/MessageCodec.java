package com.nocobase.cluster.message;

import java.io.ByteArrayOutputStream;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

import org.jspecify.annotations.Nullable;
import org.springframework.util.Assert;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Messages to bytes and back, the same for pub/sub, sync messages and the event queue.
 * <p>
 * On the wire a message is one line of JSON, the header, then a line feed, then the
 * payload as JSON. So an instance can know and drop its own messages without reading
 * their payload. Header fields that a reader does not know are skipped; {@code v} rises
 * only when an old reader could not understand the rest. Safe from any thread.
 */
public final class MessageCodec {

	private static final int MAX_HEADER = 16 * 1024;

	private final JsonFactory factory = new JsonFactory();

	private final JsonCodec json;

	private final Instance instance;

	private final Clock clock;

	/**
	 * Creates a codec.
	 * @param json writes payloads and knows their limit
	 * @param instance the sender
	 * @param clock tells when a message was sent
	 */
	public MessageCodec(JsonCodec json, Instance instance, Clock clock) {
		this.json = json;
		this.instance = instance;
		this.clock = clock;
	}

	/**
	 * Wraps a message under a new id.
	 * @param message the message
	 * @param headers further facts for the receiving side of the capability
	 * @return the envelope
	 * @throws PayloadException if JSON cannot carry it, or it is over the limit
	 */
	public Envelope wrap(Object message, Map<String, String> headers) {
		return wrap(UUID.randomUUID().toString(), message, headers);
	}

	/**
	 * Wraps a message under an id of the caller's.
	 * @param id id of the message
	 * @param message the message
	 * @param headers further facts for the receiving side of the capability
	 * @return the envelope
	 * @throws PayloadException if JSON cannot carry it, or it is over the limit
	 */
	public Envelope wrap(String id, Object message, Map<String, String> headers) {
		Assert.notNull(message, "A message must not be null");
		String type = MessageTypes.nameOf(message.getClass());
		return new Envelope(Envelope.VERSION, id, type, this.instance.id(), this.clock.instant(), headers,
				this.json.write(message));
	}

	/**
	 * Writes an envelope.
	 * @param envelope the envelope
	 * @return what goes over the wire
	 * @throws PayloadException if its headers are longer than a receiver accepts
	 */
	public byte[] encode(Envelope envelope) {
		ByteArrayOutputStream out = new ByteArrayOutputStream(192 + envelope.payload().length);
		try (JsonGenerator generator = this.factory.createGenerator(ObjectWriteContext.empty(), out)) {
			generator.writeStartObject();
			generator.writeNumberProperty("v", envelope.version());
			generator.writeStringProperty("id", envelope.id());
			generator.writeStringProperty("type", envelope.type());
			generator.writeStringProperty("from", envelope.sender());
			generator.writeNumberProperty("at", envelope.sentAt().toEpochMilli());
			if (!envelope.headers().isEmpty()) {
				generator.writeObjectPropertyStart("h");
				envelope.headers().forEach(generator::writeStringProperty);
				generator.writeEndObject();
			}
			generator.writeEndObject();
		}
		if (out.size() > MAX_HEADER) {
			throw new PayloadException(
					"Headers of %s have %d bytes, more than %d".formatted(envelope, out.size(), MAX_HEADER), null);
		}
		out.write('\n');
		out.writeBytes(envelope.payload());
		return out.toByteArray();
	}

	/**
	 * Reads an envelope; its payload is only cut out.
	 * @param frame what came over the wire
	 * @return the envelope
	 * @throws MalformedMessageException if it is not one of ours, or over the limit
	 */
	public Envelope decode(byte[] frame) {
		int end = 0;
		while (end < frame.length && frame[end] != '\n') {
			end++;
		}
		if (end == frame.length || end > MAX_HEADER) {
			throw new MalformedMessageException("No header within %d bytes".formatted(frame.length), null);
		}
		if (frame.length - end - 1 > this.json.limit().toBytes()) {
			throw new MalformedMessageException(
					"Payload of %d bytes is over nocobase.cluster.max-payload".formatted(frame.length - end - 1), null);
		}
		byte[] payload = Arrays.copyOfRange(frame, end + 1, frame.length);
		try (JsonParser parser = this.factory.createParser(ObjectReadContext.empty(), frame, 0, end)) {
			return new Header(parser).envelope(payload);
		}
		catch (JacksonException | IllegalArgumentException ex) {
			throw new MalformedMessageException("Header cannot be read", ex);
		}
	}

	/**
	 * Reads the payload as what the receiver asks for.
	 * @param <T> the type of the message
	 * @param envelope the envelope
	 * @param type what the receiver asks for
	 * @return the message
	 * @throws PayloadException if it cannot be read as that, or is {@code null}
	 */
	public <T> T read(Envelope envelope, Class<T> type) {
		T message = this.json.read(envelope.payload(), type);
		if (message == null) {
			throw new PayloadException("A null is not a message", null);
		}
		return message;
	}

	/**
	 * Returns the codec of the payloads.
	 * @return the codec
	 */
	public JsonCodec json() {
		return this.json;
	}

	/**
	 * Returns the instance that this codec sends for.
	 * @return the instance
	 */
	public Instance instance() {
		return this.instance;
	}

	private static final class Header {

		private int version;

		private @Nullable String id;

		private @Nullable String type;

		private @Nullable String sender;

		private long sentAt;

		private final Map<String, String> headers = new HashMap<>();

		Header(JsonParser parser) {
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

}
