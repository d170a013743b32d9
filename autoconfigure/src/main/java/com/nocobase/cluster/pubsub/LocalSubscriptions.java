package com.nocobase.cluster.pubsub;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.core.log.LogMessage;

import com.nocobase.cluster.message.Envelope;
import com.nocobase.cluster.message.MalformedMessageException;
import com.nocobase.cluster.message.MessageCodec;
import com.nocobase.cluster.message.Names;
import com.nocobase.cluster.message.Subscription;
import com.nocobase.cluster.support.ClusterRuntime;
import com.nocobase.cluster.support.Incident;
import com.nocobase.cluster.support.Signals;

/**
 * Who listens in this instance. However many subscriptions a channel has, the broker sees
 * one; without a connection they are remembered.
 */
final class LocalSubscriptions implements PubSubInbox {

	/** Headers of a message that its publisher wants too. */
	static final Map<String, String> TO_ALL = Map.of("to", "all");

	private static final Log logger = LogFactory.getLog(LocalSubscriptions.class);

	private final MessageCodec codec;

	private final ClusterRuntime runtime;

	private final Signals signals;

	private final int backlog;

	private final Incident unreadable;

	private final Incident doubled;

	private final Incident late;

	/** By scoped name. Changed under the lock, read without it. */
	private final Map<String, Channel> channels = new ConcurrentHashMap<>();

	/** Guards what follows, and that the broker's subscriptions match ours. */
	private final ReentrantLock lock = new ReentrantLock();

	private @Nullable PubSubConnection connection;

	private boolean delivering;

	private volatile boolean lost;

	LocalSubscriptions(MessageCodec codec, ClusterRuntime runtime, Signals signals, int backlog) {
		this.codec = codec;
		this.runtime = runtime;
		this.signals = signals;
		this.backlog = backlog;
		this.unreadable = new Incident(logger, runtime, signals, "pubsub.skipped");
		this.doubled = new Incident(logger, runtime, signals, "pubsub.doubled");
		this.late = new Incident(logger, runtime, signals, "pubsub.late");
	}

	<T> Subscription add(String name, Class<T> type, SubscribeOptions options, MessageHandler<? super T> handler) {
		LocalSubscription<T> subscription = new LocalSubscription<>(name, type, options, handler, this.codec,
				this.runtime, this.signals, this.backlog);
		this.lock.lock();
		try {
			Channel channel = this.channels.computeIfAbsent(scoped(name), (scoped) -> new Channel());
			subscribe(name, channel);
			channel.subscriptions.add(subscription);
			if (this.delivering) {
				subscription.open();
			}
		}
		finally {
			this.lock.unlock();
		}
		return () -> remove(name, subscription);
	}

	private void subscribe(String name, Channel channel) {
		if (this.connection == null || channel.atBroker != null) {
			return;
		}
		try {
			channel.atBroker = this.connection.subscribe(scoped(name));
		}
		catch (RuntimeException ex) {
			if (channel.subscriptions.isEmpty()) {
				this.channels.remove(scoped(name));
			}
			throw new PubSubException("Subscribing to channel '%s' failed".formatted(name), ex);
		}
	}

	private void remove(String name, LocalSubscription<?> subscription) {
		subscription.close();
		this.lock.lock();
		try {
			Channel channel = this.channels.get(scoped(name));
			if (channel == null || !channel.subscriptions.remove(subscription) || !channel.subscriptions.isEmpty()) {
				return;
			}
			this.channels.remove(scoped(name));
			if (channel.atBroker != null) {
				channel.atBroker.close();
			}
		}
		catch (RuntimeException ex) {
			logger.warn(LogMessage.format("Unsubscribing from channel '%s' failed", name), ex);
		}
		finally {
			this.lock.unlock();
		}
	}

	void connected(PubSubConnection connected) {
		this.lock.lock();
		try {
			this.lost = false;
			all().forEach((subscription) -> subscription.pause(Duration.ZERO));
			this.connection = connected;
			this.channels.forEach((scoped, channel) -> subscribe(channel.subscriptions.get(0).channel(), channel));
		}
		catch (RuntimeException ex) {
			disconnected();
			throw ex;
		}
		finally {
			this.lock.unlock();
		}
	}

	void disconnected() {
		this.lock.lock();
		try {
			this.connection = null;
			this.channels.values().forEach((channel) -> channel.atBroker = null);
		}
		finally {
			this.lock.unlock();
		}
	}

	void open() {
		this.lock.lock();
		try {
			this.delivering = true;
			all().forEach(LocalSubscription::open);
		}
		finally {
			this.lock.unlock();
		}
	}

	void pause(Duration limit) {
		List<LocalSubscription<?>> subscriptions;
		this.lock.lock();
		try {
			this.delivering = false;
			subscriptions = all();
		}
		finally {
			this.lock.unlock();
		}
		subscriptions.forEach((subscription) -> subscription.pause(Duration.ZERO));
		long end = this.runtime.nanoTime() + limit.toNanos();
		for (LocalSubscription<?> subscription : subscriptions) {
			if (!subscription.pause(Duration.ofNanos(Math.max(0, end - this.runtime.nanoTime())))) {
				logger.warn(LogMessage.format("A handler of channel '%s' has not come back and is interrupted",
						subscription.channel()));
				subscription.interrupt();
			}
		}
	}

	@Override
	public void received(String channel, byte[] message) {
		Channel listening = this.channels.get(channel);
		if (listening == null || this.codec.isOwn(message)) {
			return;
		}
		Envelope envelope;
		try {
			envelope = this.codec.decode(message);
		}
		catch (MalformedMessageException ex) {
			this.unreadable.warn(channel, "Skipped a message on '%s' that is not one of ours".formatted(channel), ex);
			return;
		}
		if (envelope.sender().equals(this.codec.instance().id()) && envelope.header("to") == null) {
			return;
		}
		if (envelope.isNewer()) {
			this.unreadable.warn(channel, "Skipped %s on '%s': its format %d is newer than this version of the library"
				.formatted(envelope, channel, envelope.version()), null);
			return;
		}
		switch (listening.numbers.arrived(envelope.id())) {
			case FIRST -> offer(listening, envelope);
			case AGAIN -> this.doubled.warn(channel,
					"Dropped %s on '%s' that was sent again after a failure".formatted(envelope, channel), null);
			case TOO_LATE -> {
				this.late.warn(channel, "Dropped %s on '%s' that came too late to know whether it came before"
					.formatted(envelope, channel), null);
				listening.subscriptions.forEach(LocalSubscription::missed);
			}
		}
	}

	void deliver(String name, Envelope envelope) {
		Channel listening = this.channels.get(scoped(name));
		if (listening != null) {
			offer(listening, envelope);
		}
	}

	private static void offer(Channel channel, Envelope envelope) {
		for (LocalSubscription<?> subscription : channel.subscriptions) {
			subscription.offer(envelope);
		}
	}

	@Override
	public void lost() {
		this.lost = true;
		this.signals.count("pubsub.lost", "connection");
		logger.warn("The connection of pub/sub is lost; messages may be missed until it is back");
	}

	@Override
	public void restored() {
		this.lost = false;
		logger.info("The connection of pub/sub is back");
		all().forEach(LocalSubscription::missed);
	}

	boolean isLost() {
		return this.lost;
	}

	boolean isHealthy() {
		return all().stream().allMatch(LocalSubscription::isHealthy);
	}

	Map<String, Object> details() {
		List<LocalSubscription<?>> subscriptions = all();
		return Map.of("channels", this.channels.size(), "subscriptions", subscriptions.size(), "backlog",
				subscriptions.stream().mapToInt(LocalSubscription::backlog).sum());
	}

	private List<LocalSubscription<?>> all() {
		List<LocalSubscription<?>> all = new ArrayList<>();
		this.channels.values().forEach((channel) -> all.addAll(channel.subscriptions));
		return all;
	}

	private String scoped(String name) {
		return Names.scoped(this.codec.instance().app(), name);
	}

	private static final class Channel {

		final List<LocalSubscription<?>> subscriptions = new CopyOnWriteArrayList<>();

		final ReceivedNumbers numbers = new ReceivedNumbers();

		@Nullable Subscription atBroker;

	}

}
