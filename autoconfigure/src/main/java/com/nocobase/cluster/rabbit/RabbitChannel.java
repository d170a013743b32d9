package com.nocobase.cluster.rabbit;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ShutdownSignalException;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.core.log.LogMessage;

import com.nocobase.cluster.support.Alarm;
import com.nocobase.cluster.support.ClusterRuntime;

/**
 * A channel that is opened again when it was lost, until it is closed.
 */
final class RabbitChannel {

	private static final Log logger = LogFactory.getLog(RabbitChannel.class);

	private static final Duration AGAIN = Duration.ofMillis(500);

	private final String name;

	private final ConnectionFactory connections;

	private final ClusterRuntime runtime;

	private final BooleanSupplier possible;

	private final ChannelUser user;

	private final Alarm again;

	/** Held while the channel is opened. */
	private final ReentrantLock opening = new ReentrantLock();

	private final AtomicReference<@Nullable Channel> current = new AtomicReference<>();

	private volatile boolean wanted;

	private volatile boolean open;

	/**
	 * Creates a channel that is not open.
	 * @param name for the log
	 * @param connections gives the connection
	 * @param runtime opens it again
	 * @param possible whether it makes sense to try
	 * @param user gets it
	 */
	RabbitChannel(String name, ConnectionFactory connections, ClusterRuntime runtime, BooleanSupplier possible,
			ChannelUser user) {
		this.name = name;
		this.connections = connections;
		this.runtime = runtime;
		this.possible = possible;
		this.user = user;
		this.again = new Alarm(runtime, this::ring);
	}

	boolean isOpen() {
		return this.open;
	}

	/**
	 * Opens it. When that fails, it is tried again all the same.
	 * @param limit how long to wait for it
	 */
	void open(Duration limit) {
		this.wanted = true;
		try {
			this.runtime.callWithin(() -> {
				openUnlessOpen();
				return true;
			}, limit);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw failed(ex);
		}
		catch (Exception ex) {
			throw failed(ex);
		}
	}

	/**
	 * Closes it for good.
	 */
	void close() {
		this.wanted = false;
		this.again.cancel();
		Channel closing = this.current.get();
		if (closing != null) {
			Channels.close(closing, this.runtime);
		}
	}

	private void ring() {
		if (!this.wanted) {
			return;
		}
		this.again.within(AGAIN);
		if (this.possible.getAsBoolean()) {
			try {
				this.runtime.executor().execute(this::openAgain);
			}
			catch (RejectedExecutionException | OutOfMemoryError ex) {
				logger.debug(LogMessage.format("No thread to open the %s; later", this.name), ex);
			}
		}
	}

	private void openAgain() {
		try {
			openUnlessOpen();
		}
		catch (IOException | RuntimeException ex) {
			logger.debug(LogMessage.format("The %s cannot be opened yet", this.name), ex);
		}
	}

	private void openUnlessOpen() throws IOException {
		if (!this.opening.tryLock()) {
			return;
		}
		try {
			if (this.wanted && this.current.get() == null) {
				open();
			}
			this.again.cancel();
		}
		catch (IOException | RuntimeException ex) {
			this.again.within(AGAIN);
			throw ex;
		}
		finally {
			this.opening.unlock();
		}
		if (this.wanted && this.current.get() == null) {
			this.again.within(AGAIN);
		}
	}

	private void open() throws IOException {
		Channel opened = Channels.create(this.connections);
		this.current.set(opened);
		opened.addShutdownListener((cause) -> lost(opened, cause));
		try {
			this.user.opened(opened);
			this.open = opened.isOpen();
			logger.debug(LogMessage.format("The %s is open", this.name));
		}
		catch (IOException | RuntimeException ex) {
			Channels.close(opened, this.runtime);
			throw ex;
		}
		if (!this.wanted) {
			Channels.close(opened, this.runtime);
		}
	}

	private void lost(Channel lost, ShutdownSignalException cause) {
		if (!this.current.compareAndSet(lost, null)) {
			return;
		}
		this.open = false;
		this.user.lost();
		if (this.wanted) {
			logger.warn(LogMessage.format("The %s was closed and is opened again: %s", this.name, cause.getMessage()));
			this.again.within(cause.isHardError() ? AGAIN : Duration.ZERO);
		}
	}

	private RabbitServerException failed(Exception cause) {
		return new RabbitServerException("The %s of RabbitMQ cannot be opened".formatted(this.name), cause);
	}

	/**
	 * Opening and closing without Spring's cache of channels, whose proxies cost each
	 * call and whose closed channels are handed to others.
	 */
	static final class Channels {

		private static final Duration CLOSE = Duration.ofSeconds(2);

		private Channels() {
		}

		static Channel create(ConnectionFactory connections) throws IOException {
			Connection connection = connections.createConnection().getDelegate();
			Channel created = (connection != null) ? connection.createChannel() : null;
			if (created == null) {
				throw new RabbitServerException("RabbitMQ gives no more channels on this connection", null);
			}
			return created;
		}

		/**
		 * Closes a channel and does not mind how that ends.
		 * @param channel the channel
		 * @param runtime waits for the broker
		 */
		static void close(Channel channel, ClusterRuntime runtime) {
			try {
				runtime.callWithin(() -> {
					channel.abort();
					return true;
				}, CLOSE);
			}
			catch (RejectedExecutionException | OutOfMemoryError ex) {
				logger.debug("No thread to close a channel; the calling one does", ex);
				abort(channel);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
			catch (Exception ex) {
				logger.debug("A channel is left to the end of its connection", ex);
			}
		}

		private static void abort(Channel channel) {
			try {
				channel.abort();
			}
			catch (IOException ex) {
				logger.debug("A channel is left to the end of its connection", ex);
			}
		}

	}

}
