package com.nocobase.cluster.queue.rabbit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.ShutdownSignalException;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.core.log.LogMessage;

import com.nocobase.cluster.queue.QueueException;
import com.nocobase.cluster.queue.QueueHost;
import com.nocobase.cluster.rabbit.ChannelUser;

/**
 * Asks the other instances to cancel a running task, over one exchange that all are bound
 * to with a queue of their own.
 * <ol>
 * <li>Who comes says hello before it takes tasks, and the others say that they are there.
 * So each knows the others.</li>
 * <li>A request goes to all, the asking instance included, and each says yes or no.</li>
 * <li>A yes is the answer. A no is the answer when all that are known have said so; one
 * of them is ourselves, so who came before the request has been heard of. Who says
 * nothing in time is forgotten until it is heard again.</li>
 * </ol>
 */
final class CancelRequests implements ChannelUser {

	private static final Log logger = LogFactory.getLog(CancelRequests.class);

	private static final String HELLO = "hello";

	private static final String HERE = "here";

	private static final String BYE = "bye";

	private static final String CANCEL = "cancel";

	private static final String YES = "yes";

	private static final String NO = "no";

	private static final long CONFIRM_MILLIS = 15_000;

	/** So long after our hello we may not yet know all others. */
	private static final Duration ACQUAINTED = Duration.ofSeconds(1);

	private final QueueHost host;

	private final String exchange;

	private final String prefix;

	private final Map<String, Request> requests = new ConcurrentHashMap<>();

	private final Set<String> peers = ConcurrentHashMap.newKeySet();

	private volatile @Nullable Link link;

	/**
	 * Creates requests without a channel.
	 * @param host cancels here
	 * @param exchange name of the exchange, which is declared
	 * @param prefix first part of the name of the own queue
	 */
	CancelRequests(QueueHost host, String exchange, String prefix) {
		this.host = host;
		this.exchange = exchange;
		this.prefix = prefix;
	}

	@Override
	public void opened(Channel channel) throws IOException {
		// A new name each time: the broker may not yet know that the old one is free.
		Link opened = new Link(channel, this.prefix + "." + UUID.randomUUID(), System.nanoTime());
		channel.queueDeclare(opened.queue(), false, true, true, Map.of("x-queue-type", "classic"));
		channel.queueBind(opened.queue(), this.exchange, "");
		this.peers.clear();
		this.peers.add(opened.queue());
		channel.basicConsume(opened.queue(), true, new DefaultConsumer(channel) {

			@Override
			public void handleDelivery(String tag, Envelope envelope, BasicProperties properties, byte[] body)
					throws IOException {
				received(opened, properties, new String(body, StandardCharsets.UTF_8));
			}

		});
		channel.confirmSelect();
		opened.send(this.exchange, "", HELLO, null, "");
		try {
			channel.waitForConfirmsOrDie(CONFIRM_MILLIS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IOException(ex);
		}
		catch (TimeoutException ex) {
			throw new IOException(ex);
		}
		this.link = opened;
	}

	@Override
	public void lost() {
		this.link = null;
	}

	/**
	 * Returns the own queue, which is there as long as the broker believes that we are.
	 * @return name of the queue, or {@code null} without a connection
	 */
	@Nullable String queue() {
		Link current = this.link;
		return (current != null) ? current.queue() : null;
	}

	boolean cancel(String id, Duration timeout) {
		Link current = this.link;
		if (current == null) {
			throw new QueueException("There is no connection to RabbitMQ to cancel task %s".formatted(id), null);
		}
		String request = UUID.randomUUID().toString();
		Request answers = new Request();
		this.requests.put(request, answers);
		try {
			current.send(this.exchange, "", CANCEL, request, id);
			return await(answers, current, timeout.toNanos());
		}
		catch (TimeoutException ex) {
			this.peers.removeIf((each) -> !answers.refused.contains(each) && !each.equals(current.queue()));
			return false;
		}
		catch (IOException | ShutdownSignalException | ExecutionException ex) {
			throw new QueueException("RabbitMQ cannot be asked to cancel task %s".formatted(id), ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return false;
		}
		finally {
			this.requests.remove(request);
		}
	}

	/**
	 * Says goodbye.
	 */
	void leave() {
		Link current = this.link;
		this.link = null;
		if (current == null) {
			return;
		}
		try {
			current.send(this.exchange, "", BYE, null, "");
		}
		catch (IOException | ShutdownSignalException ex) {
			logger.debug("The other instances will notice by themselves", ex);
		}
	}

	private boolean await(Request answers, Link asked, long nanos)
			throws InterruptedException, ExecutionException, TimeoutException {
		long young = Math.min(nanos, asked.openedAt() + ACQUAINTED.toNanos() - System.nanoTime());
		if (young > 0) {
			try {
				return answers.cancelled.get(young, TimeUnit.NANOSECONDS);
			}
			catch (TimeoutException ex) {
				logger.trace("All who are there have had time to say so", ex);
			}
		}
		answers.allKnown = true;
		answers.refuseIfAll(this.peers);
		return answers.cancelled.get(Math.max(0, nanos - Math.max(0, young)), TimeUnit.NANOSECONDS);
	}

	private void received(Link own, BasicProperties properties, String text) throws IOException {
		String peer = properties.getReplyTo();
		String type = properties.getType();
		if (peer == null || type == null) {
			logger.debug(LogMessage.format("Dropped a message on %s that is not ours", this.exchange));
			return;
		}
		switch (type) {
			case HELLO -> {
				if (this.peers.add(peer)) {
					own.send("", peer, HERE, null, "");
				}
			}
			case BYE -> this.peers.remove(peer);
			case CANCEL -> own.send("", peer, this.host.cancelHere(text) ? YES : NO, properties.getMessageId(), "");
			case YES, NO, HERE -> answered(peer, type, properties.getMessageId());
			default -> logger.debug(LogMessage.format("Dropped a message '%s' that only newer versions know", type));
		}
	}

	private void answered(String peer, String type, @Nullable String id) {
		this.peers.add(peer);
		Request request = (id != null) ? this.requests.get(id) : null;
		if (request == null) {
			return;
		}
		if (type.equals(YES)) {
			request.cancelled.complete(true);
			return;
		}
		request.refused.add(peer);
		request.refuseIfAll(this.peers);
	}

	/**
	 * A question and its answers.
	 */
	private static final class Request {

		private final CompletableFuture<Boolean> cancelled = new CompletableFuture<>();

		private final Set<String> refused = ConcurrentHashMap.newKeySet();

		private volatile boolean allKnown;

		void refuseIfAll(Set<String> peers) {
			if (this.allKnown && this.refused.containsAll(peers)) {
				this.cancelled.complete(false);
			}
		}

	}

	/**
	 * The channel of the moment.
	 *
	 * @param channel the channel
	 * @param queue name of the own queue on it
	 * @param openedAt when, in monotonic nanoseconds
	 */
	private record Link(Channel channel, String queue, long openedAt) {

		void send(String exchange, String key, String type, @Nullable String id, String text) throws IOException {
			BasicProperties properties = new BasicProperties.Builder().type(type)
				.messageId(id)
				.replyTo(this.queue)
				.build();
			this.channel.basicPublish(exchange, key, properties, text.getBytes(StandardCharsets.UTF_8));
		}

	}

}
