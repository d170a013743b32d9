package com.nocobase.cluster.rabbit;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.BuiltinExchangeType;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ShutdownSignalException;
import org.jspecify.annotations.Nullable;

import com.nocobase.cluster.support.ClusterRuntime;

/**
 * Publishes on one channel in confirm mode, on a connection on which nothing is consumed,
 * as the broker may hold it up. Messages leave in the order of the calls. Safe from any
 * thread.
 */
final class RabbitPublisher implements ChannelUser {

	private final ClusterRuntime runtime;

	private final Map<String, BuiltinExchangeType> exchanges = new ConcurrentHashMap<>();

	/** Held while a message is numbered and written. */
	private final ReentrantLock writing = new ReentrantLock();

	private volatile @Nullable ConfirmWindow window;

	private volatile @Nullable String blocked;

	RabbitPublisher(ClusterRuntime runtime) {
		this.runtime = runtime;
	}

	/**
	 * Declares an exchange whenever the channel is opened, as publishing to one that is
	 * not there closes it.
	 * @param name name of the exchange
	 * @param type its type
	 */
	void exchange(String name, BuiltinExchangeType type) {
		this.exchanges.put(name, type);
	}

	/**
	 * Publishes.
	 * @param exchange the exchange
	 * @param key the routing key
	 * @param mandatory whether a message without a queue is an error
	 * @param properties the properties
	 * @param body the message
	 * @return completed when the broker has it, else exceptionally
	 * @throws RabbitServerException if it cannot be sent
	 */
	CompletableFuture<Void> publish(String exchange, String key, boolean mandatory, BasicProperties properties,
			byte[] body) {
		ConfirmWindow current = this.window;
		if (current == null) {
			throw new RabbitServerException("There is no connection to RabbitMQ to publish on", null);
		}
		String reason = this.blocked;
		if (reason != null) {
			throw new RabbitServerException(
					"RabbitMQ takes no messages now (%s); free its memory or disk".formatted(reason), null);
		}
		Confirmation confirmation = new Confirmation(exchange, key, mandatory, properties, body);
		publish(current, confirmation);
		return confirmation;
	}

	@Override
	public void opened(Channel channel) throws IOException {
		for (Map.Entry<String, BuiltinExchangeType> each : this.exchanges.entrySet()) {
			channel.exchangeDeclare(each.getKey(), each.getValue(), true);
		}
		channel.confirmSelect();
		this.blocked = null;
		Connection connection = channel.getConnection();
		connection.clearBlockedListeners();
		connection.addBlockedListener((reason) -> this.blocked = reason, () -> this.blocked = null);
		this.window = new ConfirmWindow(channel, this::refused);
	}

	@Override
	public void lost() {
		ConfirmWindow lost = this.window;
		this.window = null;
		if (lost != null) {
			lost.fail(new RabbitServerException(
					"The connection to RabbitMQ was lost before it confirmed; it may have the message or not", null));
		}
	}

	private void publish(ConfirmWindow current, Confirmation confirmation) {
		Channel channel = current.channel();
		this.writing.lock();
		try {
			long number = channel.getNextPublishSeqNo();
			current.add(number, confirmation);
			try {
				confirmation.publish(channel);
			}
			catch (IOException | ShutdownSignalException ex) {
				current.remove(number);
				throw new RabbitServerException("The connection to RabbitMQ is lost", ex);
			}
		}
		finally {
			this.writing.unlock();
		}
		current.failLate();
	}

	private void refused(Confirmation confirmation) {
		int pause = confirmation.refused();
		if (pause > 0) {
			this.runtime.scheduler()
				.schedule(() -> this.runtime.executor().execute(() -> publishAgain(confirmation)),
						this.runtime.scheduler().getClock().instant().plusMillis(pause));
		}
	}

	private void publishAgain(Confirmation confirmation) {
		ConfirmWindow current = this.window;
		try {
			if (current == null) {
				throw new RabbitServerException("The connection to RabbitMQ is lost", null);
			}
			publish(current, confirmation);
		}
		catch (RabbitServerException ex) {
			confirmation.completeExceptionally(ex);
		}
	}

}
