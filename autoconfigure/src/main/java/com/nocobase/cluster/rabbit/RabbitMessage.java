package com.nocobase.cluster.rabbit;

import java.io.IOException;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ShutdownSignalException;

/**
 * A message that was fetched from a queue and is ours until it is acknowledged, rejected,
 * or the connection is lost.
 */
public final class RabbitMessage {

	private final Channel channel;

	private final long tag;

	private final BasicProperties properties;

	private final byte[] body;

	RabbitMessage(Channel channel, long tag, BasicProperties properties, byte[] body) {
		this.channel = channel;
		this.tag = tag;
		this.properties = properties;
		this.body = body;
	}

	/**
	 * Returns the properties.
	 * @return as they were published
	 */
	public BasicProperties properties() {
		return this.properties;
	}

	/**
	 * Returns the message itself.
	 * @return its bytes
	 */
	public byte[] body() {
		return this.body;
	}

	/**
	 * Removes the message from its queue.
	 * @throws RabbitServerException if the connection is lost, and the message is back
	 */
	public void acknowledge() {
		try {
			this.channel.basicAck(this.tag, false);
		}
		catch (IOException | ShutdownSignalException ex) {
			throw new RabbitServerException("The connection to RabbitMQ was lost; the message is in its queue again",
					ex);
		}
	}

	/**
	 * Puts the message back into its queue.
	 */
	public void reject() {
		try {
			this.channel.basicReject(this.tag, true);
		}
		catch (IOException | ShutdownSignalException ex) {
			// The broker puts it back by itself.
		}
	}

}
