package com.nocobase.cluster.queue.rabbit;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

import com.rabbitmq.client.BuiltinExchangeType;
import org.jspecify.annotations.Nullable;

import com.nocobase.cluster.message.Instance;
import com.nocobase.cluster.message.Subscription;
import com.nocobase.cluster.queue.DeadLetters;
import com.nocobase.cluster.queue.Delivery;
import com.nocobase.cluster.queue.QueueAdapter;
import com.nocobase.cluster.queue.QueueConsumer;
import com.nocobase.cluster.queue.QueueException;
import com.nocobase.cluster.queue.QueueHost;
import com.nocobase.cluster.queue.TaskMessage;
import com.nocobase.cluster.rabbit.RabbitServer;
import com.nocobase.cluster.support.ClusterRuntime;

/**
 * Keeps tasks in RabbitMQ: a durable quorum queue for each channel, more for its delays,
 * and one for its dead letters.
 * <p>
 * RabbitMQ does not know ids. A task that is published again, because the connection was
 * lost before its confirmation, may be there twice.
 */
final class RabbitQueueAdapter implements QueueAdapter {

	private static final String CONTROL = "control";

	private final RabbitServer server;

	private final Duration consumerTimeout;

	private final ClusterRuntime runtime;

	private final Set<RabbitConsumer> consumers = ConcurrentHashMap.newKeySet();

	private volatile @Nullable Connected connected;

	RabbitQueueAdapter(RabbitServer server, Duration consumerTimeout, ClusterRuntime runtime) {
		this.server = server;
		this.consumerTimeout = consumerTimeout;
		this.runtime = runtime;
	}

	@Override
	public void connect(QueueHost host) {
		Instance instance = host.instance();
		String exchange = this.server.names().of(CONTROL);
		this.server.declareExchange(exchange, BuiltinExchangeType.FANOUT);
		CancelRequests requests = new CancelRequests(host, exchange, this.server.names().of(CONTROL, instance.id()));
		Subscription control = this.server.open("channel of cancel requests", requests);
		TaskQueues queues = new TaskQueues(this.server, instance);
		this.connected = new Connected(queues, new TaskSender(this.server, queues, this.runtime), requests, control);
	}

	@Override
	public void disconnect() {
		Connected leaving = this.connected;
		this.connected = null;
		if (leaving != null) {
			this.consumers.forEach(RabbitConsumer::abandon);
			this.consumers.clear();
			leaving.requests().leave();
			leaving.control().close();
		}
	}

	@Override
	public boolean isConnected() {
		return this.connected != null && this.server.isConnected();
	}

	@Override
	public Duration longestTimeout() {
		return this.consumerTimeout;
	}

	@Override
	public CompletionStage<Void> publish(TaskMessage task) {
		return connected().sender().publish(task);
	}

	@Override
	public QueueConsumer consume(String channel, int concurrency, Consumer<Delivery> sink) {
		Connected current = connected();
		ConsumerSessions sessions = new ConsumerSessions(channel, this.server, current.queues(), this.runtime);
		RabbitConsumer consumer = new RabbitConsumer(channel, concurrency, sink, sessions, current.sender(),
				this.runtime);
		this.consumers.add(consumer);
		return consumer;
	}

	@Override
	public boolean cancel(String id, Duration timeout) {
		return connected().requests().cancel(id, timeout);
	}

	@Override
	public DeadLetters deadLetters(String channel) {
		Connected current = connected();
		return new RabbitDeadLetters(channel, this.server, current.queues(), current.sender());
	}

	/**
	 * Returns the queue that is there as long as the broker believes that we are.
	 * @return name of the queue, or {@code null} without a connection
	 */
	@Nullable String controlQueue() {
		return connected().requests().queue();
	}

	private Connected connected() {
		Connected current = this.connected;
		if (current == null) {
			throw new QueueException("The queue on RabbitMQ is not connected", null);
		}
		return current;
	}

	/**
	 * What there is between a connect and a disconnect.
	 *
	 * @param queues names and topology
	 * @param sender puts tasks into them
	 * @param requests asks other instances to cancel
	 * @param control closes the channel for that
	 */
	private record Connected(TaskQueues queues, TaskSender sender, CancelRequests requests, Subscription control) {

	}

}
