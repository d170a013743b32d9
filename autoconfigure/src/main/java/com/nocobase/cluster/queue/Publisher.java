package com.nocobase.cluster.queue;

import java.nio.charset.StandardCharsets;
import java.util.UUID;

import org.springframework.util.Assert;

import com.nocobase.cluster.message.Envelope;
import com.nocobase.cluster.tx.AfterCommit;
import com.nocobase.cluster.tx.Unconfirmed;

/**
 * Publishes tasks: at once, or after the commit of the calling thread's transaction.
 */
final class Publisher {

	private final QueueResources resources;

	private final Channels channels;

	private final AfterCommit afterCommit;

	private final Unconfirmed unconfirmed;

	private volatile boolean open;

	Publisher(QueueResources resources, Channels channels, AfterCommit afterCommit) {
		this.resources = resources;
		this.channels = channels;
		this.afterCommit = afterCommit;
		this.unconfirmed = new Unconfirmed(resources.runtime(), resources.properties().maxUnconfirmed(),
				resources.properties().publishTimeout());
	}

	void open() {
		this.afterCommit.open();
		this.open = true;
	}

	void close() {
		this.open = false;
		this.afterCommit.close();
	}

	int unsent() {
		return this.afterCommit.waiting();
	}

	TaskReceipt publish(String channel, Object message, TaskOptions options) {
		TaskTicket ticket = ticket(channel, message, options);
		if (this.afterCommit.isDeferred()) {
			ticket.deferredTo(this.afterCommit.defer(ticket));
		}
		else {
			sendNow(ticket);
		}
		return ticket;
	}

	TaskReceipt publishAsync(String channel, Object message, TaskOptions options) {
		TaskTicket ticket = ticket(channel, message, options);
		if (this.afterCommit.isDeferred()) {
			ticket.deferredTo(this.afterCommit.defer(ticket));
		}
		else if (this.afterCommit.waiting() > 0) {
			sendNow(ticket);
		}
		else {
			sendAsync(ticket);
		}
		return ticket;
	}

	private void sendAsync(TaskTicket ticket) {
		try {
			this.unconfirmed.send(ticket);
		}
		catch (QueueException ex) {
			throw ex;
		}
		catch (RuntimeException ex) {
			throw new QueueException("Did not publish " + ticket, ex);
		}
	}

	private void sendNow(TaskTicket ticket) {
		try {
			this.afterCommit.sendNow(ticket);
		}
		catch (QueueException ex) {
			throw ex;
		}
		catch (RuntimeException ex) {
			throw new QueueException("Did not publish " + ticket, ex);
		}
	}

	private TaskTicket ticket(String channel, Object message, TaskOptions options) {
		String scoped = this.channels.scoped(channel, options.shared());
		Assert.notNull(message, "message must not be null");
		if (!this.open) {
			throw new QueueException(
					"Cannot publish to '%s': the event queue is connected only while the application runs"
						.formatted(channel),
					null);
		}
		QueueProperties properties = this.resources.properties();
		this.resources.checkTimeout("timeout", options.timeout());
		String dedupId = options.dedupId();
		String id = (dedupId != null) ? idOf(scoped, dedupId) : UUID.randomUUID().toString();
		Envelope envelope = this.resources.codec().wrap(id, message, TaskPolicy.headers(options));
		TaskMessage task = new TaskMessage(scoped, id, this.resources.codec().encode(envelope), options.delay(),
				options.priority(), (dedupId != null) ? properties.dedupWindow() : null);
		return new TaskTicket(this.resources.adapter(), task, properties.publishTimeout());
	}

	private static String idOf(String scoped, String dedupId) {
		// The same on every instance, so that the receipt of a double names the same
		// task.
		return UUID.nameUUIDFromBytes((scoped + '\n' + dedupId).getBytes(StandardCharsets.UTF_8)).toString();
	}

}
