package com.nocobase.cluster.message;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Arrays;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

import org.springframework.util.Assert;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
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

	private final byte[] self;

	/** Begins the ids of this codec and of no other. */
	private final String prefix = UUID.randomUUID().toString().replace("-", "");

	private final AtomicLong count = new AtomicLong();

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
		this.self = instance.id().getBytes(StandardCharsets.UTF_8);
	}

	/**
	 * Wraps a message under a new id.
	 * @param message the message
	 * @param headers further facts for the receiving side of the capability
	 * @return the envelope
	 * @throws PayloadException if JSON cannot carry it, or it is over the limit
	 */
	public Envelope wrap(Object message, Map<String, String> headers) {
		return wrap(this.prefix + "-" + this.count.incrementAndGet(), message, headers);
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
		byte[] plain = PlainHeader.write(envelope);
		byte[] header = (plain != null) ? plain : header(envelope);
		if (header.length > MAX_HEADER) {
			throw new PayloadException(
					"Headers of %s have %d bytes, more than %d".formatted(envelope, header.length, MAX_HEADER), null);
		}
		byte[] frame = Arrays.copyOf(header, header.length + 1 + envelope.payload().length);
		frame[header.length] = '\n';
		System.arraycopy(envelope.payload(), 0, frame, header.length + 1, envelope.payload().length);
		return frame;
	}

	private byte[] header(Envelope envelope) {
		ByteArrayOutputStream out = new ByteArrayOutputStream(192);
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
		return out.toByteArray();
	}

	/**
	 * Returns whether a frame is certainly one of this sender's own, without any header
	 * of its capability. Reads no further than to the sender, and answers {@code false}
	 * where only {@link #decode} can tell.
	 * @param frame what came over the wire
	 * @return whether it may be dropped as one's own
	 */
	public boolean isOwn(byte[] frame) {
		return PlainHeader.isFrom(frame, this.self);
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
		Envelope plain = PlainHeader.read(frame, end);
		return (plain != null) ? plain : parse(frame, end);
	}

	private Envelope parse(byte[] frame, int end) {
		byte[] payload = Arrays.copyOfRange(frame, end + 1, frame.length);
		try (JsonParser parser = this.factory.createParser(ObjectReadContext.empty(), frame, 0, end)) {
			return new HeaderParser(parser).envelope(payload);
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

}
