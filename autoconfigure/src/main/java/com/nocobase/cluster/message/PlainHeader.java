package com.nocobase.cluster.message;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Writes and reads a header without a JSON library where nothing in it is unusual: the
 * fields in the order in which they are written here, numbers without a sign, and texts
 * of printable ASCII that need no escape. Whatever differs is left to the library.
 */
final class PlainHeader {

	private static final byte[] VERSION = ascii("{\"v\":");

	private static final byte[] ID = ascii(",\"id\":\"");

	private static final byte[] TYPE = ascii("\",\"type\":\"");

	private static final byte[] SENDER = ascii("\",\"from\":\"");

	private static final byte[] SENT_AT = ascii("\",\"at\":");

	private static final byte[] HEADERS = ascii(",\"h\":{");

	private static final byte[] COLON = ascii("\":\"");

	private static final int MOST_DIGITS = 18;

	private final byte[] frame;

	private final int end;

	private int position;

	private boolean plain = true;

	private PlainHeader(byte[] frame, int end) {
		this.frame = frame;
		this.end = end;
	}

	/**
	 * Writes a header.
	 * @param envelope the envelope
	 * @return the header, or {@code null} if it is unusual
	 */
	static byte @Nullable [] write(Envelope envelope) {
		long sentAt = envelope.sentAt().toEpochMilli();
		if (sentAt < 0 || !isPlain(envelope.id()) || !isPlain(envelope.type()) || !isPlain(envelope.sender())) {
			return null;
		}
		StringBuilder header = new StringBuilder(160);
		header.append("{\"v\":").append(envelope.version());
		header.append(",\"id\":\"").append(envelope.id());
		header.append("\",\"type\":\"").append(envelope.type());
		header.append("\",\"from\":\"").append(envelope.sender());
		header.append("\",\"at\":").append(sentAt);
		if (!envelope.headers().isEmpty()) {
			char separator = '{';
			header.append(",\"h\":");
			for (Map.Entry<String, String> each : envelope.headers().entrySet()) {
				if (!isPlain(each.getKey()) || !isPlain(each.getValue())) {
					return null;
				}
				header.append(separator).append('"').append(each.getKey());
				header.append("\":\"").append(each.getValue()).append('"');
				separator = ',';
			}
			header.append('}');
		}
		return ascii(header.append('}').toString());
	}

	/**
	 * Reads a header.
	 * @param frame what came over the wire
	 * @param end where the header ends
	 * @return the envelope, with all that follows the header as its payload, or
	 * {@code null} if the header is unusual
	 */
	static @Nullable Envelope read(byte[] frame, int end) {
		PlainHeader header = new PlainHeader(frame, end);
		header.skip(VERSION);
		long version = header.number();
		header.skip(ID);
		String id = header.text();
		header.skip(TYPE);
		String type = header.text();
		header.skip(SENDER);
		String sender = header.text();
		header.skip(SENT_AT);
		long sentAt = header.number();
		Map<String, String> headers = header.headers();
		if (!header.isOver() || version < 1 || version > Integer.MAX_VALUE) {
			return null;
		}
		return new Envelope((int) version, id, type, sender, Instant.ofEpochMilli(sentAt), headers,
				Arrays.copyOfRange(frame, end + 1, frame.length));
	}

	/**
	 * Returns whether a frame is of a sender and has no headers.
	 * @param frame what came over the wire
	 * @param sender the sender in ASCII
	 * @return {@code false} if it is not, or its header is unusual
	 */
	static boolean isFrom(byte[] frame, byte[] sender) {
		PlainHeader header = new PlainHeader(frame, frame.length);
		header.skip(VERSION);
		header.number();
		header.skip(ID);
		header.skipText();
		header.skip(TYPE);
		header.skipText();
		header.skip(SENDER);
		header.skip(sender);
		header.skip(SENT_AT);
		header.number();
		return header.next('}') && header.next('\n');
	}

	private Map<String, String> headers() {
		if (!this.plain || !isAt(HEADERS)) {
			return Map.of();
		}
		this.position += HEADERS.length;
		Map<String, String> headers = new HashMap<>();
		do {
			this.plain &= next('"');
			String name = text();
			skip(COLON);
			headers.put(name, text());
			this.plain &= next('"');
		}
		while (this.plain && next(','));
		this.plain &= next('}');
		return headers;
	}

	private boolean isOver() {
		return this.plain && next('}') && this.position == this.end;
	}

	private boolean next(char expected) {
		if (this.plain && this.position < this.end && this.frame[this.position] == expected) {
			this.position++;
			return true;
		}
		return false;
	}

	private void skip(byte[] literal) {
		this.plain = this.plain && isAt(literal);
		this.position += literal.length;
	}

	private boolean isAt(byte[] literal) {
		int last = this.position + literal.length;
		return last <= this.end && Arrays.equals(this.frame, this.position, last, literal, 0, literal.length);
	}

	private long number() {
		long number = 0;
		int first = this.position;
		while (this.plain && this.position < this.end && isDigit(this.frame[this.position])) {
			number = number * 10 + (this.frame[this.position] - '0');
			this.position++;
			this.plain = this.position - first <= MOST_DIGITS;
		}
		int digits = this.position - first;
		this.plain = this.plain && digits > 0 && (digits == 1 || this.frame[first] != '0');
		return number;
	}

	private String text() {
		int first = this.position;
		skipText();
		return this.plain ? new String(this.frame, first, this.position - first, StandardCharsets.US_ASCII) : "";
	}

	private void skipText() {
		while (this.plain && this.position < this.end && isPlain((char) this.frame[this.position])) {
			this.position++;
		}
	}

	private static boolean isDigit(byte each) {
		return each >= '0' && each <= '9';
	}

	private static boolean isPlain(String text) {
		for (int i = 0; i < text.length(); i++) {
			if (!isPlain(text.charAt(i))) {
				return false;
			}
		}
		return true;
	}

	private static boolean isPlain(char each) {
		return each >= ' ' && each < 0x7f && each != '"' && each != '\\';
	}

	private static byte[] ascii(String text) {
		return text.getBytes(StandardCharsets.US_ASCII);
	}

}
