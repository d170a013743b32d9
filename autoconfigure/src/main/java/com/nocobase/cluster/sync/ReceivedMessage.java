package com.nocobase.cluster.sync;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;

import com.nocobase.cluster.message.Envelope;
import com.nocobase.cluster.message.MessageCodec;
import com.nocobase.cluster.message.MessageTypes;
import com.nocobase.cluster.message.PayloadException;

/**
 * A message of the log, read only when its receiver asks for it.
 *
 * @param channel the channel, as its subscriber named it
 * @param position where it is in the log
 * @param envelope the message
 * @param codec reads it
 */
record ReceivedMessage(String channel, SyncPosition position, Envelope envelope,
		MessageCodec codec) implements SyncMessage {

	Object content() {
		return List.of(this.envelope.type(), ByteBuffer.wrap(this.envelope.payload()));
	}

	@Override
	public String type() {
		return this.envelope.type();
	}

	@Override
	public boolean is(Class<?> type) {
		return MessageTypes.accepts(type, type());
	}

	@Override
	public <T> T as(Class<T> type) {
		if (!is(type)) {
			throw new PayloadException(
					"%s on channel '%s' cannot be read as %s".formatted(this.envelope, this.channel, type.getName()),
					null);
		}
		return this.codec.read(this.envelope, type);
	}

	@Override
	public String sender() {
		return this.envelope.sender();
	}

	@Override
	public Instant sentAt() {
		return this.envelope.sentAt();
	}

}
