package com.nocobase.cluster.pubsub;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.core.log.LogMessage;
import org.springframework.util.Assert;

import com.nocobase.cluster.message.Envelope;
import com.nocobase.cluster.message.MessageCodec;
import com.nocobase.cluster.message.MessageTypes;
import com.nocobase.cluster.message.Names;
import com.nocobase.cluster.message.SendReceipt;
import com.nocobase.cluster.message.SendState;
import com.nocobase.cluster.message.Subscription;
import com.nocobase.cluster.support.Capability;
import com.nocobase.cluster.support.CapabilityHealth;
import com.nocobase.cluster.tx.AfterCommit;
import com.nocobase.cluster.tx.Receipt;
import com.nocobase.cluster.tx.Send;

/**
 * Publishes through the adapter, and keeps the connection. What is received goes from the
 * connection straight to the {@link LocalSubscriptions}.
 */
final class ClusterPubSub implements PubSubManager, Capability {

	private static final Log logger = LogFactory.getLog(ClusterPubSub.class);

	private static final Duration STOP_LIMIT = Duration.ofSeconds(3);

	private final String adapterName;

	private final PubSubAdapter adapter;

	private final LocalSubscriptions subscriptions;

	private final MessageCodec codec;

	private final AfterCommit afterCommit;

	private volatile @Nullable PubSubConnection connection;

	ClusterPubSub(String adapterName, PubSubAdapter adapter, LocalSubscriptions subscriptions, MessageCodec codec,
			AfterCommit afterCommit) {
		this.adapterName = adapterName;
		this.adapter = adapter;
		this.subscriptions = subscriptions;
		this.codec = codec;
		this.afterCommit = afterCommit;
	}

	void connect() {
		PubSubConnection connected = this.adapter.connect(this.subscriptions);
		try {
			this.subscriptions.connected(connected);
		}
		catch (RuntimeException ex) {
			connected.close();
			throw ex;
		}
		this.connection = connected;
		this.afterCommit.open();
		logger.info(LogMessage.format("Pub/sub goes through %s", this.adapterName));
	}

	void disconnect() {
		this.afterCommit.close();
		PubSubConnection connected = this.connection;
		this.connection = null;
		this.subscriptions.disconnected();
		if (connected != null) {
			connected.close();
		}
	}

	void startDelivery() {
		this.subscriptions.open();
	}

	void stopDelivery() {
		this.subscriptions.pause(STOP_LIMIT);
	}

	@Override
	public <T> Subscription subscribe(String channel, Class<T> type, SubscribeOptions options,
			MessageHandler<? super T> handler) {
		Names.check("channel", channel);
		Assert.notNull(type, "type must not be null");
		MessageTypes.nameOf(type);
		Assert.notNull(handler, "handler must not be null");
		return this.subscriptions.add(channel, type, options, handler);
	}

	@Override
	public SendReceipt publish(String channel, Object message, PublishOptions options) {
		Names.check("channel", channel);
		connection(channel);
		Envelope envelope = this.codec.wrap(message, options.skipSelf() ? Map.of() : LocalSubscriptions.TO_ALL);
		PubSubSend send = new PubSubSend(
				options.onlySelf() ? () -> this.subscriptions.deliver(channel, envelope) : outgoing(channel, envelope),
				new Receipt());
		if (this.afterCommit.isDeferred()) {
			send.receipt().deferredTo(this.afterCommit.defer(send));
		}
		else if (options.onlySelf()) {
			send.send();
			send.settled(SendState.SENT, null);
		}
		else {
			sendNow(channel, send);
		}
		return send.receipt();
	}

	private Runnable outgoing(String channel, Envelope envelope) {
		String scoped = Names.scoped(this.codec.instance().app(), channel);
		byte[] frame = this.codec.encode(envelope);
		return () -> connection(channel).publish(scoped, frame);
	}

	private void sendNow(String channel, Send send) {
		try {
			this.afterCommit.sendNow(send);
		}
		catch (PubSubException ex) {
			throw ex;
		}
		catch (RuntimeException ex) {
			throw new PubSubException("A message on channel '%s' was not published".formatted(channel), ex);
		}
	}

	private PubSubConnection connection(String channel) {
		PubSubConnection connected = this.connection;
		if (connected == null) {
			throw new PubSubException(
					"Pub/sub is not connected, so nothing is published on channel '%s'; it is ".formatted(channel)
							+ "connected between the start and the stop of the application",
					null);
		}
		return connected;
	}

	@Override
	public String name() {
		return "pubsub";
	}

	@Override
	public String adapter() {
		return this.adapterName;
	}

	@Override
	public CapabilityHealth health() {
		boolean connected = this.connection != null && !this.subscriptions.isLost();
		int waiting = this.afterCommit.waiting();
		Map<String, Object> details = new HashMap<>(this.subscriptions.details());
		details.put("adapter", this.adapterName);
		details.put("connected", connected);
		details.put("waitingToBeSent", waiting);
		return new CapabilityHealth(connected && waiting == 0 && this.subscriptions.isHealthy(), details);
	}

	private record PubSubSend(Runnable action, Receipt receipt) implements Send {

		@Override
		public void send() {
			this.action.run();
		}

		@Override
		public void settled(SendState state, @Nullable Throwable failure) {
			this.receipt.settle(state, failure);
		}

	}

}
