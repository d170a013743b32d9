package com.nocobase.cluster.queue;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.springframework.core.log.LogMessage;
import org.springframework.util.Assert;

import com.nocobase.cluster.message.Instance;
import com.nocobase.cluster.message.MessageTypes;
import com.nocobase.cluster.message.Names;
import com.nocobase.cluster.support.Capability;
import com.nocobase.cluster.support.CapabilityHealth;
import com.nocobase.cluster.tx.AfterCommit;

/**
 * The event queue of one instance: what is common to all adapters.
 */
class QueueManager implements EventQueue, Capability, QueueHost {

	private static final Log logger = LogFactory.getLog(QueueManager.class);

	private final QueueResources resources;

	private final Channels channels;

	private final Publisher publisher;

	private final RunningTasks running;

	private final Drain drain;

	private final Predicate<String> serving;

	private final Map<String, SubscribedChannel<?>> subscriptions = new ConcurrentHashMap<>();

	private volatile boolean consuming;

	QueueManager(QueueResources resources, AfterCommit afterCommit, Drain drain, Predicate<String> serving) {
		this.resources = resources;
		this.channels = new Channels(instance().app());
		this.publisher = new Publisher(resources, this.channels, afterCommit);
		this.running = new RunningTasks(resources.runtime());
		this.drain = drain;
		this.serving = serving;
	}

	void connect() {
		this.resources.checkTimeout("nocobase.cluster.queue.timeout", this.resources.properties().timeout());
		this.resources.adapter().connect(this);
		this.publisher.open();
	}

	void disconnect() {
		this.publisher.close();
		this.resources.adapter().disconnect();
	}

	void startConsumers() {
		this.consuming = true;
		this.subscriptions.values().forEach(SubscribedChannel::start);
	}

	void stopConsumers() {
		this.consuming = false;
		this.subscriptions.values().forEach(SubscribedChannel::stop);
		this.drain.run(this.running);
	}

	@Override
	public <T> QueueSubscription subscribe(String channel, Class<T> type, QueueOptions options,
			TaskHandler<? super T> handler) {
		String scoped = this.channels.scoped(channel, options.shared());
		Assert.notNull(type, "type must not be null");
		MessageTypes.nameOf(type);
		Assert.notNull(handler, "handler must not be null");
		this.resources.checkTimeout("timeout", options.timeout());
		SubscribedChannel<T> subscription = new SubscribedChannel<>(scoped, channel, type, options, handler,
				this.resources, this.running, this.serving,
				(closed) -> this.subscriptions.remove(closed.scoped(), closed));
		String key = options.serving();
		if (key != null) {
			// The worker mode tells of the keys that it was asked for.
			boolean served = this.serving.test(key);
			logger.debug(LogMessage.format("Tasks of '%s' need '%s', served here: %s", channel, key, served));
		}
		Assert.state(this.subscriptions.putIfAbsent(scoped, subscription) == null,
				() -> "This instance has a subscription of queue channel '%s'; close it first, or raise its concurrency"
					.formatted(channel));
		if (this.consuming) {
			start(subscription);
		}
		return subscription;
	}

	private void start(SubscribedChannel<?> subscription) {
		try {
			subscription.start();
		}
		catch (RuntimeException ex) {
			subscription.close();
			throw ex;
		}
		if (!this.consuming) {
			subscription.stop();
		}
	}

	@Override
	public TaskReceipt publish(String channel, Object message, TaskOptions options) {
		return this.publisher.publish(channel, message, options);
	}

	@Override
	public TaskReceipt publishAsync(String channel, Object message, TaskOptions options) {
		return this.publisher.publishAsync(channel, message, options);
	}

	@Override
	public boolean cancel(String id) {
		Names.check("id", id);
		return this.running.cancel(id)
				|| this.resources.adapter().cancel(id, this.resources.properties().cancelTimeout());
	}

	@Override
	public DeadLetters deadLetters(String channel, boolean shared) {
		return new CheckedDeadLetters(this.resources.adapter().deadLetters(this.channels.scoped(channel, shared)));
	}

	@Override
	public Instance instance() {
		return this.resources.codec().instance();
	}

	@Override
	public boolean cancelHere(String id) {
		return this.running.cancel(id);
	}

	@Override
	public String name() {
		return "queue";
	}

	@Override
	public String adapter() {
		return this.resources.properties().adapter();
	}

	@Override
	public CapabilityHealth health() {
		boolean connected = this.resources.adapter().isConnected();
		int unsent = this.publisher.unsent();
		int abandoned = this.running.abandoned();
		long hanging = this.subscriptions.values().stream().filter(SubscribedChannel::isHanging).count();
		return new CapabilityHealth(connected && unsent == 0 && abandoned == 0 && hanging == 0,
				Map.of("adapter", adapter(), "connected", connected, "subscriptions", this.subscriptions.size(),
						"running", this.running.size(), "waitingToBeSent", unsent, "abandonedHandlers", abandoned,
						"hangingGates", hanging));
	}

}
