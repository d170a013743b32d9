package com.nocobase.cluster.pubsub.redis;

import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import com.nocobase.cluster.message.Instance;
import com.nocobase.cluster.message.Names;
import com.nocobase.cluster.message.Subscription;
import com.nocobase.cluster.pubsub.PubSubConnection;
import com.nocobase.cluster.pubsub.PubSubInbox;
import com.nocobase.cluster.redis.RedisLinkListener;
import com.nocobase.cluster.redis.RedisServer;
import com.nocobase.cluster.redis.RedisServerException;

/**
 * One instance's use of the shared connections. A channel {@code crm:news} of the manager
 * is {@code crm:pubsub:news} at the server, apart from the channels of other
 * capabilities.
 */
final class RedisPubSubConnection implements PubSubConnection, RedisLinkListener {

	private static final Log logger = LogFactory.getLog(RedisPubSubConnection.class);

	private final RedisServer server;

	private final int scope;

	private final PubSubInbox inbox;

	private final Set<Subscription> subscriptions = ConcurrentHashMap.newKeySet();

	private final Subscription link;

	private volatile boolean open = true;

	RedisPubSubConnection(RedisServer server, Instance instance, PubSubInbox inbox) {
		this.server = server;
		this.scope = Names.scoped(instance.app(), "").length();
		this.inbox = inbox;
		this.link = server.listen(this);
	}

	@Override
	public Subscription subscribe(String channel) {
		Subscription subscription = this.server.subscribe(wire(channel), (message) -> receive(channel, message));
		this.subscriptions.add(subscription);
		return () -> {
			this.subscriptions.remove(subscription);
			subscription.close();
		};
	}

	@Override
	public void publish(String channel, byte[] message) {
		this.server.await(publishAsync(channel, message));
	}

	@Override
	public CompletableFuture<Long> publishAsync(String channel, byte[] message) {
		return this.server.publish(wire(channel), message);
	}

	@Override
	public void lost() {
		this.inbox.lost();
	}

	@Override
	public void restored() {
		this.inbox.restored();
	}

	@Override
	public void close() {
		this.open = false;
		this.link.close();
		try {
			this.subscriptions.forEach(Subscription::close);
		}
		catch (RedisServerException ex) {
			// One that does not answer is not asked a thousand times.
			logger.debug("Subscriptions are left to the end of the connection", ex);
		}
	}

	private void receive(String channel, byte[] message) {
		if (this.open) {
			this.inbox.received(channel, message);
		}
	}

	private byte[] wire(String channel) {
		return this.server.names().channel("pubsub", channel.substring(this.scope));
	}

}
