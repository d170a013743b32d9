package com.nocobase.cluster.rabbit;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.BuiltinExchangeType;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Command;
import com.rabbitmq.client.Method;
import org.jspecify.annotations.Nullable;
import org.springframework.amqp.rabbit.connection.ConnectionFactory;

import com.nocobase.cluster.message.Instance;
import com.nocobase.cluster.message.Subscription;
import com.nocobase.cluster.support.ClusterRuntime;
import com.nocobase.cluster.support.Uninterrupted;

/**
 * A RabbitMQ as one instance uses it, over two connections of one connection factory: one
 * to consume and to send commands, one to publish. Their number does not grow. What was
 * opened or declared here comes back by itself after a lost connection and after a
 * restart of the broker. Safe from any thread.
 */
public final class RabbitServer {

	private static final Duration START_LIMIT = Duration.ofSeconds(20);

	private static final Duration TIMEOUT = Duration.ofSeconds(10);

	private static final BasicProperties PROBE = new BasicProperties.Builder().type("nocobase-probe")
		.messageId("nocobase-probe")
		.expiration("0")
		.build();

	private final ConnectionFactory factory;

	private final RabbitNames names;

	private final ClusterRuntime runtime;

	private final DeclaredQueues declared;

	private final RabbitCommands commands;

	private final RabbitChannel commandChannel;

	private final QueueCreation creation;

	private final RabbitPublisher publisher;

	private final RabbitChannel publisherChannel;

	private final Set<RabbitChannel> channels = ConcurrentHashMap.newKeySet();

	RabbitServer(ConnectionFactory factory, Instance instance, ClusterRuntime runtime) {
		this.factory = factory;
		this.names = new RabbitNames(instance);
		this.runtime = runtime;
		this.declared = new DeclaredQueues(runtime::nanoTime);
		this.commands = new RabbitCommands(TIMEOUT, this.declared::clear);
		this.commandChannel = new RabbitChannel("channel for commands", factory, runtime, () -> true, this.commands);
		this.creation = new QueueCreation(factory, this.commands, runtime);
		this.publisher = new RabbitPublisher(runtime);
		this.publisherChannel = new RabbitChannel("channel for publishing",
				Objects.requireNonNullElse(factory.getPublisherConnectionFactory(), factory), runtime,
				this.commandChannel::isOpen, this.publisher);
	}

	void start() {
		this.commandChannel.open(START_LIMIT);
		this.publisherChannel.open(START_LIMIT);
	}

	void stop() {
		this.channels.forEach(RabbitChannel::close);
		this.publisherChannel.close();
		this.commandChannel.close();
	}

	Set<String> declaredQueues() {
		return this.declared.ever();
	}

	/**
	 * Returns the names of the application.
	 * @return its names
	 */
	public RabbitNames names() {
		return this.names;
	}

	/**
	 * Returns whether the broker can be reached, without asking it.
	 * @return whether it was there last
	 */
	public boolean isConnected() {
		return this.commandChannel.isOpen() && this.publisherChannel.isOpen();
	}

	/**
	 * Declares an exchange, now and whenever the connection comes back.
	 * @param name name of the exchange
	 * @param type its type
	 */
	public void declareExchange(String name, BuiltinExchangeType type) {
		this.publisher.exchange(name, type);
		call(new AMQP.Exchange.Declare.Builder().exchange(name).type(type.getType()).durable().build());
	}

	/**
	 * Makes sure that a durable queue is there. Asks the broker only once in a while and
	 * after the connection was lost.
	 * @param name name of the queue
	 * @param arguments how it is, always the same for a name
	 * @param validFor when to ask again
	 */
	public void declareQueue(String name, Map<String, Object> arguments, Duration validFor) {
		if (!this.declared.contains(name)) {
			AMQP.Queue.Declare declaration = new AMQP.Queue.Declare.Builder().queue(name)
				.durable()
				.arguments(arguments)
				.build();
			if (this.declared.isKnown(name)) {
				call(declaration);
			}
			else {
				this.creation.declare(declaration);
			}
			this.declared.add(name, validFor);
		}
	}

	/**
	 * Waits until a queue has a leader: whoever consumes before that loses its connection
	 * (RabbitMQ 3.10). A message that has expired before it arrives shows it; where it is
	 * delivered all the same, {@link #isProbe} tells.
	 * @param queue name of the queue
	 */
	public void awaitLeader(String queue) {
		if (!this.declared.isReady(queue)) {
			await(send(queue, PROBE, new byte[0]));
			this.declared.ready(queue);
		}
	}

	/**
	 * Returns whether a message is to be acknowledged and forgotten.
	 * @param properties its properties
	 * @return whether it came from {@link #awaitLeader}
	 */
	public static boolean isProbe(BasicProperties properties) {
		return PROBE.getType().equals(properties.getType());
	}

	/**
	 * Publishes to an exchange. A message that no queue takes is dropped.
	 * @param exchange name of the exchange
	 * @param key the routing key
	 * @param properties the properties
	 * @param body the message
	 * @return completed when the broker has it
	 * @throws RabbitServerException if it cannot be sent
	 */
	public CompletableFuture<Void> publish(String exchange, String key, BasicProperties properties, byte[] body) {
		return this.publisher.publish(exchange, key, false, properties, body);
	}

	/**
	 * Publishes to a queue. That it is not there is an error.
	 * @param queue name of the queue
	 * @param properties the properties, with an id
	 * @param body the message
	 * @return completed when the broker has it
	 * @throws RabbitServerException if it cannot be sent
	 */
	public CompletableFuture<Void> send(String queue, BasicProperties properties, byte[] body) {
		CompletableFuture<Void> sent = this.publisher.publish("", queue, true, properties, body);
		sent.whenComplete((done, failure) -> {
			if (failure instanceof UnroutableException) {
				this.declared.remove(queue);
			}
		});
		return sent;
	}

	/**
	 * Waits until the broker has a message.
	 * @param sent the message
	 * @throws RabbitServerException if it has it not, or does not say so in time
	 */
	public void await(Future<?> sent) {
		try {
			Uninterrupted.get(sent, TIMEOUT.toNanos());
		}
		catch (ExecutionException ex) {
			throw (ex.getCause() instanceof RabbitServerException known) ? known
					: new RabbitServerException("RabbitMQ did not take a message", ex.getCause());
		}
		catch (TimeoutException ex) {
			throw new RabbitServerException("RabbitMQ did not confirm within " + TIMEOUT, ex);
		}
	}

	/**
	 * Fetches the first message of a queue.
	 * @param queue name of the queue
	 * @return the message, or {@code null} if there is none
	 */
	public @Nullable RabbitMessage fetch(String queue) {
		Channel channel = this.commands.channel();
		Command answer = this.commands.call(channel, new AMQP.Basic.Get.Builder().queue(queue).build());
		if (answer.getMethod() instanceof AMQP.Basic.GetOk got) {
			return new RabbitMessage(channel, got.getDeliveryTag(), (BasicProperties) answer.getContentHeader(),
					answer.getContentBody());
		}
		return null;
	}

	/**
	 * Sends a command on a channel and waits for the answer, but not for ever.
	 * @param channel the channel
	 * @param command the command
	 * @throws RabbitServerException if it is refused or not answered in time
	 */
	public void call(Channel channel, Method command) {
		this.commands.call(channel, command);
	}

	/**
	 * Opens a channel that comes back when it was lost.
	 * @param name what it is, for the log
	 * @param user gets it
	 * @return closes it for good
	 * @throws RabbitServerException if it cannot be opened now
	 */
	public Subscription open(String name, ChannelUser user) {
		RabbitChannel channel = new RabbitChannel(name, this.factory, this.runtime, this.commandChannel::isOpen, user);
		this.channels.add(channel);
		Subscription subscription = () -> {
			this.channels.remove(channel);
			channel.close();
		};
		try {
			channel.open(START_LIMIT);
		}
		catch (RuntimeException ex) {
			subscription.close();
			throw ex;
		}
		return subscription;
	}

	/**
	 * Opens a channel of the caller's own.
	 * @return the channel
	 * @throws IOException if that does not work
	 * @throws RuntimeException if there is no connection
	 */
	public Channel openChannel() throws IOException {
		return RabbitChannel.Channels.create(this.factory);
	}

	/**
	 * Closes a channel and does not mind how that ends.
	 * @param channel the channel
	 */
	public void closeChannel(Channel channel) {
		RabbitChannel.Channels.close(channel, this.runtime);
	}

	private void call(Method command) {
		this.commands.call(command);
	}

}
