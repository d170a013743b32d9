package com.nocobase.cluster.queue.rabbit;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.ShutdownSignalException;

/**
 * One consumer at the broker, on a channel of its own. The channel owns what it has
 * delivered, so it stays open after the consumer has ended, until everything is settled.
 */
final class ConsumerSession extends DefaultConsumer {

	private final RabbitConsumer consumer;

	private final int prefetch;

	private final AtomicInteger unsettled = new AtomicInteger();

	private final AtomicBoolean ended = new AtomicBoolean();

	private volatile boolean retired;

	private volatile boolean drained;

	/**
	 * Creates a session that does not consume yet.
	 * @param channel its channel
	 * @param consumer gets what is delivered
	 * @param prefetch how many tasks it may have that are not settled
	 */
	ConsumerSession(Channel channel, RabbitConsumer consumer, int prefetch) {
		super(channel);
		this.consumer = consumer;
		this.prefetch = prefetch;
	}

	void consume(String queue) throws IOException {
		getChannel().basicQos(this.prefetch);
		getChannel().basicConsume(queue, false, this);
	}

	int prefetch() {
		return this.prefetch;
	}

	int unsettled() {
		return this.unsettled.get();
	}

	boolean isOpen() {
		return getChannel().isOpen();
	}

	boolean isRetired() {
		return this.retired;
	}

	/**
	 * What is delivered from now on is not wanted.
	 */
	void retire() {
		this.retired = true;
	}

	boolean acknowledge(long tag) {
		try {
			getChannel().basicAck(tag, false);
			return true;
		}
		catch (IOException | ShutdownSignalException ex) {
			return false;
		}
		finally {
			settled();
		}
	}

	void requeue(long tag) {
		try {
			getChannel().basicReject(tag, true);
		}
		catch (IOException | ShutdownSignalException ex) {
			// The broker gives it back by itself.
		}
		finally {
			settled();
		}
	}

	@Override
	public void handleDelivery(String consumerTag, Envelope envelope, BasicProperties properties, byte[] body) {
		this.unsettled.incrementAndGet();
		this.consumer.delivered(this, envelope.getDeliveryTag(), properties, body);
	}

	@Override
	public void handleCancelOk(String consumerTag) {
		drained();
	}

	@Override
	public void handleCancel(String consumerTag) {
		this.retired = true;
		this.consumer.lost(this);
		drained();
	}

	@Override
	public void handleShutdownSignal(String consumerTag, ShutdownSignalException signal) {
		this.retired = true;
		this.consumer.lost(this);
		if (this.ended.compareAndSet(false, true)) {
			this.consumer.ended(this);
		}
	}

	private void drained() {
		this.drained = true;
		endIfSettled();
	}

	private void settled() {
		if (this.unsettled.decrementAndGet() == 0) {
			endIfSettled();
		}
	}

	private void endIfSettled() {
		if (this.drained && this.unsettled.get() == 0 && this.ended.compareAndSet(false, true)) {
			this.consumer.ended(this);
		}
	}

}
