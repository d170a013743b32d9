package com.nocobase.cluster.rabbit;

import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Return;
import org.jspecify.annotations.Nullable;

/**
 * What was published on one channel and is not yet confirmed, by its number on that
 * channel.
 */
final class ConfirmWindow {

	private final ConcurrentNavigableMap<Long, Confirmation> unconfirmed = new ConcurrentSkipListMap<>();

	private final Channel channel;

	private volatile @Nullable RabbitServerException failure;

	/**
	 * Creates an empty window.
	 * @param channel the channel, in confirm mode
	 * @param refused gets what the broker did not take
	 */
	ConfirmWindow(Channel channel, Consumer<Confirmation> refused) {
		this.channel = channel;
		channel.addConfirmListener((number, multiple) -> settle(number, multiple, Confirmation::confirmed),
				(number, multiple) -> settle(number, multiple, refused));
		channel.addReturnListener(this::returned);
	}

	Channel channel() {
		return this.channel;
	}

	void add(long number, Confirmation confirmation) {
		this.unconfirmed.put(number, confirmation);
	}

	void remove(long number) {
		this.unconfirmed.remove(number);
	}

	/**
	 * Fails what the broker can confirm no more.
	 * @param reason why
	 */
	void fail(RabbitServerException reason) {
		this.failure = reason;
		failLate();
	}

	/**
	 * Fails what was added after the window has failed. Called after each publish.
	 */
	void failLate() {
		RabbitServerException reason = this.failure;
		if (reason != null) {
			settle(Long.MAX_VALUE, true, (each) -> each.completeExceptionally(reason));
		}
	}

	private void settle(long number, boolean multiple, Consumer<Confirmation> outcome) {
		if (!multiple) {
			Confirmation confirmation = this.unconfirmed.remove(number);
			if (confirmation != null) {
				outcome.accept(confirmation);
			}
			return;
		}
		for (Long each : this.unconfirmed.headMap(number, true).keySet()) {
			settle(each, false, outcome);
		}
	}

	private void returned(Return message) {
		String reason = message.getReplyCode() + " " + message.getReplyText();
		this.unconfirmed.values()
			.forEach((each) -> each.returned(message.getRoutingKey(), message.getProperties().getMessageId(), reason));
	}

}
