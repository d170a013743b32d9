package com.nocobase.cluster.message;

import java.time.Instant;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * A message with what is told about it. Two are equal if their ids are. The payload is
 * the JSON text of the message and is not copied; nobody changes it.
 *
 * @param version version of the format, see {@link #VERSION}
 * @param id unique id of the message
 * @param type logical type, see {@link MessageType}
 * @param sender id of the instance that sent it
 * @param sentAt when it was wrapped, by the sender's clock
 * @param headers further facts by name, for the capability that sent it
 * @param payload UTF-8 JSON
 */
@SuppressWarnings("ArrayRecordComponent") // equality is by id
public record Envelope(int version, String id, String type, String sender, Instant sentAt, Map<String, String> headers,
		byte[] payload) {

	/** The version that this code writes, and the newest that it reads. */
	public static final int VERSION = 1;

	public Envelope {
		headers = Map.copyOf(headers);
	}

	/**
	 * Returns the same message under another id.
	 * @param newId the id
	 * @return a copy, which shares the payload
	 */
	public Envelope withId(String newId) {
		return new Envelope(this.version, newId, this.type, this.sender, this.sentAt, this.headers, this.payload);
	}

	/**
	 * Returns a header.
	 * @param name its name
	 * @return its value, or {@code null}
	 */
	public @Nullable String header(String name) {
		return this.headers.get(name);
	}

	/**
	 * Returns whether a newer version of this library wrote it in a format that this one
	 * does not know.
	 * @return whether its payload must be left alone
	 */
	public boolean isNewer() {
		return this.version > VERSION;
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return other instanceof Envelope that && this.id.equals(that.id);
	}

	@Override
	public int hashCode() {
		return this.id.hashCode();
	}

	@Override
	public String toString() {
		return "message " + this.id + " of type " + this.type + " from " + this.sender;
	}

}
