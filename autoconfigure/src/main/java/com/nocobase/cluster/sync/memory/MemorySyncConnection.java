package com.nocobase.cluster.sync.memory;

import java.time.Duration;

import org.springframework.util.Assert;

import com.nocobase.cluster.message.Instance;
import com.nocobase.cluster.support.ClusterRuntime;
import com.nocobase.cluster.support.Mailbox;
import com.nocobase.cluster.sync.SyncConnection;
import com.nocobase.cluster.sync.SyncInbox;
import com.nocobase.cluster.sync.SyncPosition;

/**
 * One instance's place in the log: a bounded mailbox of what it has not read. When more
 * is sent than fits, all of it is dropped and the inbox is told of the gap, as by a log
 * that was trimmed.
 */
final class MemorySyncConnection implements SyncConnection {

	private static final Duration CLOSE_LIMIT = Duration.ofSeconds(1);

	private final MemoryLog log;

	private final Instance instance;

	private final SyncInbox inbox;

	private final Mailbox<Runnable> unread;

	private final SyncPosition position;

	private volatile boolean open = true;

	MemorySyncConnection(MemoryLog log, Instance instance, SyncInbox inbox, ClusterRuntime runtime, int kept) {
		this.log = log;
		this.instance = instance;
		this.inbox = inbox;
		this.unread = new Mailbox<>(runtime, kept, Runnable::run);
		this.position = log.connect(this);
	}

	@Override
	public SyncPosition position() {
		return this.position;
	}

	@Override
	public void read() {
		this.unread.open();
	}

	@Override
	public SyncPosition send(String channel, byte[] message) {
		checkOpen();
		return this.log.append(channel, message);
	}

	@Override
	public void tell(String instanceId, byte[] message) {
		checkOpen();
		this.log.tell(instanceId, message);
	}

	@Override
	public void close() {
		this.open = false;
		this.log.disconnect(this);
		this.unread.close(CLOSE_LIMIT);
	}

	void appended(String channel, SyncPosition position, byte[] message) {
		if (this.open && !this.unread.offer(() -> this.inbox.received(channel, position, message))) {
			this.unread.replaceAll(() -> this.inbox.missed(position));
		}
	}

	void told(byte[] message) {
		if (this.open) {
			this.inbox.told(message);
		}
	}

	boolean isOf(String instanceId) {
		return this.instance.id().equals(instanceId);
	}

	private void checkOpen() {
		Assert.state(this.open, () -> "The connection of " + this.instance + " is closed");
	}

}
