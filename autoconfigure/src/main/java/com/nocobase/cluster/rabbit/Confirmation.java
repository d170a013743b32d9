package com.nocobase.cluster.rabbit;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import org.jspecify.annotations.Nullable;

/**
 * A message on its way, completed when the broker has it.
 */
final class Confirmation extends CompletableFuture<Void> {

	/** Together some seconds, as long as the election of a leader takes. */
	private static final int ATTEMPTS = 10;

	private static final int FIRST_PAUSE_MILLIS = 10;

	private final String exchange;

	private final String routingKey;

	private final boolean mandatory;

	private final BasicProperties properties;

	private final byte[] body;

	private volatile @Nullable String reason;

	/** Counted by the thread of the connection alone. */
	private int attempts;

	Confirmation(String exchange, String routingKey, boolean mandatory, BasicProperties properties, byte[] body) {
		this.exchange = exchange;
		this.routingKey = routingKey;
		this.mandatory = mandatory;
		this.properties = properties;
		this.body = body;
	}

	void publish(Channel channel) throws IOException {
		channel.basicPublish(this.exchange, this.routingKey, this.mandatory, this.properties, this.body);
	}

	/**
	 * Notes that the message came back, which the broker says before it confirms.
	 * @param key its routing key
	 * @param id its id
	 * @param why why it came back
	 */
	void returned(String key, @Nullable String id, String why) {
		if (this.routingKey.equals(key) && (id == null || id.equals(this.properties.getMessageId()))) {
			this.reason = why;
		}
	}

	void confirmed() {
		String why = this.reason;
		if (why == null) {
			complete(null);
		}
		else {
			completeExceptionally(
					new UnroutableException("RabbitMQ has no queue for '%s' (%s)".formatted(this.routingKey, why)));
		}
	}

	/**
	 * Notes that the broker does not take the message now. A queue that is just being
	 * declared, or whose leader is lost, takes it a moment later; messages that may be
	 * lost are not worth their order.
	 * @return when to publish it again, in milliseconds, or 0 to give up
	 */
	int refused() {
		int attempt = this.attempts++;
		if (this.mandatory && attempt < ATTEMPTS) {
			return FIRST_PAUSE_MILLIS << attempt;
		}
		completeExceptionally(new RabbitServerException(
				"RabbitMQ refused a message for '%s'; the queue may be full or without a leader"
					.formatted(this.routingKey),
				null));
		return 0;
	}

}
