package com.nocobase.cluster.pubsub.rabbit;

import java.io.IOException;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.BuiltinExchangeType;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import org.jspecify.annotations.Nullable;

import com.nocobase.cluster.message.Instance;
import com.nocobase.cluster.message.Names;
import com.nocobase.cluster.message.Subscription;
import com.nocobase.cluster.pubsub.PubSubConnection;
import com.nocobase.cluster.pubsub.PubSubInbox;
import com.nocobase.cluster.rabbit.ChannelUser;
import com.nocobase.cluster.rabbit.RabbitNames;
import com.nocobase.cluster.rabbit.RabbitServer;
import com.nocobase.cluster.rabbit.RabbitServerException;

/**
 * One instance's queue at the topic exchange of its application, with a binding for each
 * channel that it subscribes to. Queue and bindings end with the connection, and are made
 * anew when it is back.
 */
final class RabbitPubSubConnection implements PubSubConnection, ChannelUser {

	private static final BasicProperties TRANSIENT = new BasicProperties();

	private final RabbitServer server;

	private final int scope;

	private final String exchange;

	private final String prefix;

	private final PubSubInbox inbox;

	/** Channels by their routing keys. */
	private final Map<String, String> channels = new ConcurrentHashMap<>();

	private volatile @Nullable Link link;

	private volatile @Nullable Subscription opened;

	private volatile boolean missed;

	private volatile boolean closed;

	RabbitPubSubConnection(RabbitServer server, Instance instance, PubSubInbox inbox) {
		this.server = server;
		this.scope = Names.scoped(instance.app(), "").length();
		this.exchange = server.names().of("pubsub");
		this.prefix = server.names().of("pubsub", instance.id());
		this.inbox = inbox;
	}

	void open() {
		this.server.declareExchange(this.exchange, BuiltinExchangeType.TOPIC);
		this.opened = this.server.open("channel of pub/sub", this);
	}

	@Override
	public void opened(Channel channel) throws IOException {
		// A new name each time: the broker may not yet know that the old one is free.
		Link opening = new Link(channel, this.prefix + "." + UUID.randomUUID());
		channel.queueDeclare(opening.queue(), false, true, true, Map.of("x-queue-type", "classic"));
		// From here on subscribe() binds too; twice is once.
		this.link = opening;
		for (String key : this.channels.keySet()) {
			channel.queueBind(opening.queue(), this.exchange, key);
		}
		channel.basicConsume(opening.queue(), true, new DefaultConsumer(channel) {

			@Override
			public void handleDelivery(String tag, Envelope envelope, BasicProperties properties, byte[] body) {
				received(envelope.getRoutingKey(), body);
			}

		});
		if (this.missed) {
			this.missed = false;
			this.inbox.restored();
		}
	}

	@Override
	public void lost() {
		this.link = null;
		if (!this.closed && !this.missed) {
			this.missed = true;
			this.inbox.lost();
		}
	}

	@Override
	public Subscription subscribe(String channel) {
		String key = key(channel);
		this.channels.put(key, channel);
		Link current = this.link;
		try {
			if (current != null) {
				this.server.call(current.channel(),
						new AMQP.Queue.Bind.Builder().queue(current.queue())
							.exchange(this.exchange)
							.routingKey(key)
							.build());
			}
		}
		catch (RabbitServerException ex) {
			// If the connection is lost, the next one has the binding.
			if (current == this.link) {
				this.channels.remove(key);
				throw ex;
			}
		}
		return () -> unsubscribe(key);
	}

	@Override
	public void publish(String channel, byte[] message) {
		this.server.await(publishAsync(channel, message));
	}

	@Override
	public CompletableFuture<Void> publishAsync(String channel, byte[] message) {
		return this.server.publish(this.exchange, key(channel), TRANSIENT, message);
	}

	@Override
	public void close() {
		this.closed = true;
		Subscription closing = this.opened;
		if (closing != null) {
			closing.close();
		}
	}

	private void unsubscribe(String key) {
		this.channels.remove(key);
		Link current = this.link;
		if (current != null && !this.closed) {
			this.server.call(current.channel(),
					new AMQP.Queue.Unbind.Builder().queue(current.queue())
						.exchange(this.exchange)
						.routingKey(key)
						.build());
		}
	}

	private void received(String key, byte[] message) {
		String channel = this.channels.get(key);
		if (channel != null && !this.closed) {
			this.inbox.received(channel, message);
		}
	}

	private String key(String channel) {
		return RabbitNames.key(channel.substring(this.scope));
	}

	/**
	 * The channel of the moment.
	 *
	 * @param channel the channel
	 * @param queue name of the own queue on it
	 */
	private record Link(Channel channel, String queue) {

	}

}
