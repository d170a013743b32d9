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

	private final PubSubSender sender;

	ClusterPubSub(String adapterName, PubSubAdapter adapter, LocalSubscriptions subscriptions, MessageCodec codec,
			AfterCommit afterCommit, PubSubSender sender) {
		this.adapterName = adapterName;
		this.adapter = adapter;
		this.subscriptions = subscriptions;
		this.codec = codec;
		this.afterCommit = afterCommit;
		this.sender = sender;
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
		this.sender.connected(connected);
		logger.info(LogMessage.format("Pub/sub goes through %s", this.adapterName));
	}

	void disconnect() {
		PubSubConnection connected = this.sender.disconnect();
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
		return publish(channel, message, options, false);
	}

	@Override
	public SendReceipt publishAsync(String channel, Object message, PublishOptions options) {
		return publish(channel, message, options, true);
	}

	private SendReceipt publish(String channel, Object message, PublishOptions options, boolean async) {
		Names.check("channel", channel);
		this.sender.connection(channel);
		Envelope envelope = this.codec.wrap(message, options.skipSelf() ? Map.of() : LocalSubscriptions.TO_ALL);
		return options.onlySelf() ? deliver(channel, envelope) : this.sender.send(channel, envelope, async);
	}

	private SendReceipt deliver(String channel, Envelope message) {
		OwnDelivery delivery = new OwnDelivery(() -> this.subscriptions.deliver(channel, message), new Receipt());
		if (this.afterCommit.isDeferred()) {
			delivery.receipt().deferredTo(this.afterCommit.defer(delivery));
		}
		else {
			delivery.send();
			delivery.settled(SendState.SENT, null);
		}
		return delivery.receipt();
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
		boolean connected = this.sender.isConnected() && !this.subscriptions.isLost();
		int waiting = this.sender.waiting();
		Map<String, Object> details = new HashMap<>(this.subscriptions.details());
		details.put("adapter", this.adapterName);
		details.put("connected", connected);
		details.put("waitingToBeSent", waiting);
		return new CapabilityHealth(connected && waiting == 0 && this.subscriptions.isHealthy(), details);
	}

	private record OwnDelivery(Runnable action, Receipt receipt) implements Send {

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
