package com.nocobase.cluster.redis;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import org.springframework.data.redis.connection.Message;
import org.springframework.data.redis.connection.MessageListener;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.SubscriptionListener;
import org.springframework.data.redis.listener.ChannelTopic;
import org.springframework.data.redis.listener.RedisMessageListenerContainer;
import org.springframework.util.backoff.FixedBackOff;

import com.nocobase.cluster.message.Subscription;
import com.nocobase.cluster.support.ClusterRuntime;

/**
 * The one subscription connection of a server: a listener container that hands each
 * message over on the driver's own thread, so handlers must return at once.
 * <p>
 * The driver subscribes again by itself after a lost connection. The container's own
 * recovery is switched off, as it would sleep on the caller's thread without a limit.
 */
final class RedisSubscriptions {

	/**
	 * As long as Lettuce may take to connect by default: a JVM that has just started
	 * loads classes meanwhile, on a busy machine for seconds.
	 */
	private static final Duration START_LIMIT = Duration.ofSeconds(10);

	private final RedisMessageListenerContainer container;

	private final ClusterRuntime runtime;

	private final Duration timeout;

	/** Held by whoever changes what the container listens to; it does not bear two. */
	private final ReentrantLock changing = new ReentrantLock();

	/**
	 * Creates the subscriptions, with one that is always there.
	 * @param factory gives the connection
	 * @param runtime threads that may wait for the container
	 * @param timeout how long a change is waited for
	 * @param channel the channel that is always subscribed to
	 * @param handler gets each message of that channel
	 * @param subscribed called whenever the server has confirmed that subscription, again
	 * after each lost connection
	 */
	RedisSubscriptions(RedisConnectionFactory factory, ClusterRuntime runtime, Duration timeout, byte[] channel,
			Consumer<byte[]> handler, Runnable subscribed) {
		this.runtime = runtime;
		this.timeout = timeout;
		this.container = new RedisMessageListenerContainer();
		this.container.setConnectionFactory(factory);
		this.container.setTaskExecutor(Runnable::run);
		this.container.setMaxSubscriptionRegistrationWaitingTime(startLimit().toMillis());
		this.container.setRecoveryBackoff(new FixedBackOff(0, 0));
		this.container.afterPropertiesSet();
		this.container.addMessageListener(new ChannelListener(handler, subscribed), topic(channel));
	}

	void start() {
		change("started", this.container::start, startLimit());
	}

	void stop() {
		change("stopped", this.container::stop, this.timeout);
	}

	/** Takes another connection, for one that says nothing although the server lives. */
	void restart() {
		change("started again", () -> {
			this.container.stop();
			this.container.start();
		}, this.timeout);
	}

	/**
	 * Subscribes; messages that are published after this has returned are heard.
	 * @param channel the channel
	 * @param handler gets each message
	 * @return ends the subscription
	 */
	Subscription subscribe(byte[] channel, Consumer<byte[]> handler) {
		ChannelListener listener = new ChannelListener(handler, () -> {
		});
		ChannelTopic topic = topic(channel);
		try {
			change("added to", () -> this.container.addMessageListener(listener, topic), this.timeout);
		}
		catch (RuntimeException ex) {
			remove(listener, topic, ex);
			throw ex;
		}
		return () -> {
			if (listener.close()) {
				change("reduced", () -> this.container.removeMessageListener(listener, topic), this.timeout);
			}
		};
	}

	private Duration startLimit() {
		return (this.timeout.compareTo(START_LIMIT) > 0) ? this.timeout : START_LIMIT;
	}

	private static ChannelTopic topic(byte[] channel) {
		return ChannelTopic.of(RedisNames.text(channel));
	}

	private void remove(ChannelListener listener, ChannelTopic topic, RuntimeException failure) {
		listener.close();
		try {
			change("reduced", () -> this.container.removeMessageListener(listener, topic), this.timeout);
		}
		catch (RuntimeException ex) {
			failure.addSuppressed(ex);
		}
	}

	private void change(String what, Runnable change, Duration limit) {
		try {
			// On a thread of its own, as the container waits without a limit.
			this.runtime.callWithin(() -> {
				this.changing.lockInterruptibly();
				try {
					change.run();
				}
				finally {
					this.changing.unlock();
				}
				return true;
			}, limit);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw failed(what, ex);
		}
		catch (Exception ex) {
			throw failed(what, ex);
		}
	}

	private static RedisServerException failed(String what, Exception cause) {
		return new RedisServerException("The subscriptions of Redis could not be " + what, cause);
	}

	private static final class ChannelListener implements MessageListener, SubscriptionListener {

		private final Consumer<byte[]> handler;

		private final Runnable subscribed;

		private final AtomicBoolean open = new AtomicBoolean(true);

		ChannelListener(Consumer<byte[]> handler, Runnable subscribed) {
			this.handler = handler;
			this.subscribed = subscribed;
		}

		boolean close() {
			return this.open.getAndSet(false);
		}

		@Override
		public void onMessage(Message message, byte @Nullable [] pattern) {
			if (this.open.get()) {
				this.handler.accept(message.getBody());
			}
		}

		@Override
		public void onChannelSubscribed(byte[] channel, long count) {
			this.subscribed.run();
		}

	}

}
