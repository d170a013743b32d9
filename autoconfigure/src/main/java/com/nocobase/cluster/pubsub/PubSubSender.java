package com.nocobase.cluster.pubsub;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;

import org.jspecify.annotations.Nullable;

import com.nocobase.cluster.message.Envelope;
import com.nocobase.cluster.message.MessageCodec;
import com.nocobase.cluster.message.Names;
import com.nocobase.cluster.message.SendReceipt;
import com.nocobase.cluster.support.ClusterRuntime;
import com.nocobase.cluster.support.Nanos;
import com.nocobase.cluster.support.Uninterrupted;
import com.nocobase.cluster.tx.AfterCommit;
import com.nocobase.cluster.tx.Unconfirmed;

/**
 * Sends what leaves the process: at once, without waiting, or after the commit, and in
 * each case through the lane of its channel.
 */
final class PubSubSender {

	private static final Duration STOP_LIMIT = Duration.ofSeconds(1);

	private final MessageCodec codec;

	private final AfterCommit afterCommit;

	private final Unconfirmed unconfirmed;

	private final Lanes lanes;

	private final Duration timeout;

	private volatile @Nullable PubSubConnection connection;

	PubSubSender(MessageCodec codec, ClusterRuntime runtime, AfterCommit afterCommit, PubSubProperties properties) {
		this.codec = codec;
		this.afterCommit = afterCommit;
		this.timeout = properties.publishTimeout();
		this.unconfirmed = new Unconfirmed(runtime, properties.maxUnconfirmed(), this.timeout);
		this.lanes = new Lanes(this.timeout);
	}

	void connected(PubSubConnection connected) {
		this.connection = connected;
		this.afterCommit.open();
	}

	@Nullable PubSubConnection disconnect() {
		this.afterCommit.close();
		PubSubConnection connected = this.connection;
		this.connection = null;
		this.unconfirmed.close(STOP_LIMIT);
		return connected;
	}

	boolean isConnected() {
		return this.connection != null;
	}

	int waiting() {
		return this.afterCommit.waiting();
	}

	SendReceipt send(String channel, Envelope message, boolean async) {
		Outgoing outgoing = new Outgoing(this, channel, message);
		if (this.afterCommit.isDeferred()) {
			outgoing.receipt().deferredTo(this.afterCommit.defer(outgoing));
			return outgoing.receipt();
		}
		try {
			if (async && this.afterCommit.waiting() == 0) {
				this.unconfirmed.send(outgoing);
			}
			else {
				this.afterCommit.sendNow(outgoing);
			}
		}
		catch (PubSubException ex) {
			throw ex;
		}
		catch (RuntimeException ex) {
			throw failed(channel, ex);
		}
		return outgoing.receipt();
	}

	byte[] encode(Envelope message) {
		return this.codec.encode(message);
	}

	CompletionStage<?> start(Outgoing outgoing) {
		String channel = outgoing.channel();
		String scoped = Names.scoped(this.codec.instance().app(), channel);
		PubSubConnection connected = connection(channel);
		return this.lanes.leave(channel, (lane) -> connected.publishAsync(scoped, outgoing.frame(lane)));
	}

	void startAndWait(Outgoing outgoing) {
		Future<?> sent = start(outgoing).toCompletableFuture();
		try {
			// After an interrupt nobody would know what became of it.
			Uninterrupted.get(sent, Nanos.of(this.timeout));
		}
		catch (TimeoutException ex) {
			sent.cancel(true);
			throw new PubSubException("The broker did not take a message on channel '%s' within %s"
				.formatted(outgoing.channel(), this.timeout), ex);
		}
		catch (ExecutionException ex) {
			throw failed(outgoing.channel(), ex.getCause());
		}
	}

	PubSubConnection connection(String channel) {
		PubSubConnection connected = this.connection;
		if (connected == null) {
			throw new PubSubException(
					"Pub/sub is not connected, so nothing is published on channel '%s'; it is ".formatted(channel)
							+ "connected between the start and the stop of the application",
					null);
		}
		return connected;
	}

	private static PubSubException failed(String channel, @Nullable Throwable cause) {
		return new PubSubException("A message on channel '%s' was not published".formatted(channel), cause);
	}

}
