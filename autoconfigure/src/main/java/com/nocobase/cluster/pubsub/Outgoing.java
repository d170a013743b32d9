package com.nocobase.cluster.pubsub;

import java.util.concurrent.CompletionStage;

import org.jspecify.annotations.Nullable;

import com.nocobase.cluster.message.Envelope;
import com.nocobase.cluster.message.SendState;
import com.nocobase.cluster.tx.AsyncSend;
import com.nocobase.cluster.tx.Receipt;

/**
 * One message on its way to the broker. It is numbered when it leaves for the first time;
 * a repeat is the same to the byte.
 */
final class Outgoing implements AsyncSend {

	private final PubSubSender sender;

	private final String channel;

	private final Envelope message;

	private final Receipt receipt = new Receipt();

	/** Touched in the lane of the channel only. */
	private byte @Nullable [] frame;

	Outgoing(PubSubSender sender, String channel, Envelope message) {
		this.sender = sender;
		this.channel = channel;
		this.message = message;
	}

	String channel() {
		return this.channel;
	}

	Envelope message() {
		return this.message;
	}

	Receipt receipt() {
		return this.receipt;
	}

	byte[] frame(Lanes.Lane lane) {
		byte[] encoded = this.frame;
		if (encoded == null) {
			encoded = this.sender.encode(this.message.withId(lane.nextId()));
			this.frame = encoded;
		}
		return encoded;
	}

	@Override
	public CompletionStage<?> start() {
		return this.sender.start(this);
	}

	@Override
	public void send() {
		this.sender.startAndWait(this);
	}

	@Override
	public void settled(SendState state, @Nullable Throwable failure) {
		this.receipt.settle(state, failure);
	}

}
