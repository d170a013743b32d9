package com.nocobase.cluster.sync;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.core.log.LogMessage;

import com.nocobase.cluster.message.Envelope;
import com.nocobase.cluster.message.MalformedMessageException;
import com.nocobase.cluster.message.MessageCodec;
import com.nocobase.cluster.message.Subscription;
import com.nocobase.cluster.support.ClusterRuntime;
import com.nocobase.cluster.support.Incident;
import com.nocobase.cluster.support.Signals;

/**
 * Who listens in this instance, and how far this instance has read.
 */
final class SyncSubscriptions implements SyncInbox {

	/** Headers of a message that its publisher wants too. */
	static final Map<String, String> TO_ALL = Map.of("to", "all");

	private static final Log logger = LogFactory.getLog(SyncSubscriptions.class);

	private final MessageCodec codec;

	private final SyncProperties properties;

	private final ClusterRuntime runtime;

	private final Signals signals;

	private final Runnable progressed;

	private final Consumer<byte[]> told;

	private final Incident skipped;

	private final List<SyncSubscription> all = new CopyOnWriteArrayList<>();

	/** Guards the flag below, so that nobody is added and left closed. */
	private final ReentrantLock lock = new ReentrantLock();

	private volatile boolean delivering;

	private volatile boolean lost;

	/** Written by the reader, and before it begins. */
	private volatile SyncPosition read = SyncPosition.START;

	SyncSubscriptions(MessageCodec codec, SyncProperties properties, ClusterRuntime runtime, Signals signals,
			Runnable progressed, Consumer<byte[]> told) {
		this.codec = codec;
		this.properties = properties;
		this.runtime = runtime;
		this.signals = signals;
		this.progressed = progressed;
		this.told = told;
		this.skipped = new Incident(logger, runtime, signals, "sync.skipped");
	}

	Subscription add(String channel, SyncOptions options, SyncHandler handler) {
		SyncSubscription subscription = new SyncSubscription(channel, options, handler, this.properties, this.runtime,
				this.signals, this.progressed);
		this.lock.lock();
		try {
			this.all.add(subscription);
			if (this.delivering) {
				subscription.open();
			}
		}
		finally {
			this.lock.unlock();
		}
		return () -> {
			this.all.remove(subscription);
			subscription.close();
			this.progressed.run();
		};
	}

	void prepare() {
		this.lost = false;
		this.all.forEach(SyncSubscription::prepare);
	}

	void open(SyncPosition from) {
		this.lock.lock();
		try {
			this.read = from;
			this.delivering = true;
			this.all.forEach(SyncSubscription::open);
		}
		finally {
			this.lock.unlock();
		}
	}

	void pause(Duration limit) {
		this.lock.lock();
		try {
			this.delivering = false;
		}
		finally {
			this.lock.unlock();
		}
		this.all.forEach((subscription) -> subscription.pause(Duration.ZERO));
		long end = this.runtime.nanoTime() + limit.toNanos();
		for (SyncSubscription subscription : this.all) {
			if (!subscription.pause(Duration.ofNanos(Math.max(0, end - this.runtime.nanoTime())))) {
				logger.warn(LogMessage.format("A handler of channel '%s' has not come back and is interrupted",
						subscription.channel()));
				subscription.interrupt();
			}
		}
	}

	@Override
	public void received(String channel, SyncPosition position, byte[] message) {
		Envelope envelope = readable(channel, message);
		if (envelope == null) {
			on(channel).forEach((subscription) -> subscription.missed(position, "A message could not be read"));
		}
		else if (!envelope.sender().equals(this.codec.instance().id()) || envelope.header("to") != null) {
			on(channel).forEach((subscription) -> subscription
				.received(new ReceivedMessage(channel, position, envelope, this.codec)));
		}
		this.read = position;
		this.progressed.run();
	}

	private @Nullable Envelope readable(String channel, byte[] message) {
		try {
			Envelope envelope = this.codec.decode(message);
			if (!envelope.isNewer()) {
				return envelope;
			}
			this.skipped.warn(channel, "Cannot read %s on channel '%s': its format %d is newer than this version"
				.formatted(envelope, channel, envelope.version()), null);
		}
		catch (MalformedMessageException ex) {
			this.skipped.warn(channel, "A message on channel '%s' is not one of ours".formatted(channel), ex);
		}
		return null;
	}

	@Override
	public void missed(SyncPosition upTo) {
		this.all.forEach((subscription) -> subscription.missed(upTo, "Messages are no longer in the log"));
		this.read = upTo;
		this.progressed.run();
	}

	void resyncAll(String reason) {
		this.all.forEach((subscription) -> subscription.missed(reason));
	}

	@Override
	public void told(byte[] message) {
		this.told.accept(message);
	}

	@Override
	public void lost() {
		this.lost = true;
		this.signals.count("sync.lost", "connection");
		logger.warn("The connection of sync messages is lost; what is missed is read when it is back");
	}

	@Override
	public void restored() {
		this.lost = false;
		logger.info("The connection of sync messages is back");
	}

	/**
	 * Returns whether this instance listens to a channel.
	 * @param channel the channel
	 * @return {@code null} while it starts or stops, when nobody can know
	 */
	@Nullable Boolean isSubscribed(String channel) {
		return this.delivering ? Boolean.valueOf(!on(channel).isEmpty()) : null;
	}

	boolean hasHandled(String channel, SyncPosition upTo) {
		return this.read.isAtLeast(upTo)
				&& on(channel).stream().allMatch((subscription) -> subscription.hasHandled(upTo));
	}

	private List<SyncSubscription> on(String channel) {
		List<SyncSubscription> found = new ArrayList<>();
		for (SyncSubscription subscription : this.all) {
			if (subscription.channel().equals(channel)) {
				found.add(subscription);
			}
		}
		return found;
	}

	boolean isLost() {
		return this.lost;
	}

	boolean isHealthy() {
		return this.all.stream().allMatch(SyncSubscription::isHealthy);
	}

	Map<String, Object> details() {
		return Map.of("subscriptions", this.all.size(), "position", this.read.toString(), "backlog",
				this.all.stream().mapToInt(SyncSubscription::backlog).sum(), "outOfStep",
				this.all.stream()
					.filter(SyncSubscription::isOutOfStep)
					.map(SyncSubscription::channel)
					.distinct()
					.toList());
	}

}
