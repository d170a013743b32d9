package com.nocobase.cluster.pubsub.memory;

import org.springframework.util.Assert;

import com.nocobase.cluster.message.Instance;
import com.nocobase.cluster.message.Subscription;
import com.nocobase.cluster.pubsub.PubSubConnection;
import com.nocobase.cluster.pubsub.PubSubInbox;

/**
 * One instance's connection. The publishing thread puts each message into the inboxes of
 * all who listen, so messages of one publisher stay in order.
 */
final class MemoryPubSubConnection implements PubSubConnection {

	private final MemoryChannels channels;

	private final Instance instance;

	private final PubSubInbox inbox;

	private volatile boolean open = true;

	MemoryPubSubConnection(MemoryChannels channels, Instance instance, PubSubInbox inbox) {
		this.channels = channels;
		this.instance = instance;
		this.inbox = inbox;
		channels.connect(this);
	}

	@Override
	public Subscription subscribe(String channel) {
		checkOpen();
		this.channels.subscribe(channel, this);
		return () -> this.channels.unsubscribe(channel, this);
	}

	@Override
	public void publish(String channel, byte[] message) {
		checkOpen();
		this.channels.publish(channel, message);
	}

	@Override
	public void close() {
		this.open = false;
		this.channels.disconnect(this);
	}

	void receive(String channel, byte[] message) {
		if (this.open) {
			this.inbox.received(channel, message);
		}
	}

	boolean isOf(Instance other) {
		return this.instance.equals(other);
	}

	private void checkOpen() {
		Assert.state(this.open, () -> "The connection of " + this.instance + " is closed");
	}

}
