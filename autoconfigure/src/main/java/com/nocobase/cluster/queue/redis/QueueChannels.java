package com.nocobase.cluster.queue.redis;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import com.nocobase.cluster.queue.Delivery;
import com.nocobase.cluster.queue.QueueConsumer;
import com.nocobase.cluster.redis.RedisNames;
import com.nocobase.cluster.redis.RedisServer;
import com.nocobase.cluster.redis.RedisServerException;

/**
 * The channels of one session, and the set of all channels of the application, by which
 * one that no instance has opened is found. Safe from any thread.
 */
final class QueueChannels {

	private static final Log logger = LogFactory.getLog(QueueChannels.class);

	/** Names of the channels that applications share. */
	private static final byte[] SHARED = RedisNames.bytes("{:q}channels");

	private final QueueSession session;

	private final RedisQueueServer queue;

	private final RedisServer server;

	/** Names of the application's channels. */
	private final byte[] ours;

	private final Map<String, RedisChannel> channels = new ConcurrentHashMap<>();

	/** By the key of their line. */
	private final Map<String, RedisChannel> byLine = new ConcurrentHashMap<>();

	private final OwnershipSweep sweep;

	QueueChannels(QueueSession session, RedisQueueServer queue) {
		this.session = session;
		this.queue = queue;
		this.server = queue.server();
		this.ours = this.server.names().key("q", "channels");
		this.sweep = new OwnershipSweep(session, queue, this.channels.values());
	}

	QueueSession session() {
		return this.session;
	}

	RedisChannel channel(String name) {
		RedisChannel known = this.channels.get(name);
		return (known != null) ? known : this.channels.computeIfAbsent(name, this::open);
	}

	QueueConsumer consume(String name, Consumer<Delivery> sink) {
		RedisChannel channel = channel(name);
		RedisConsumer consumer = new RedisConsumer(channel, sink);
		channel.consumer(consumer);
		this.sweep.soon();
		return consumer;
	}

	/**
	 * Returns all channels of the application, also those that only others use.
	 * @return the channels
	 * @throws RedisServerException if the server does not answer
	 */
	Collection<RedisChannel> known() {
		Set<String> names = new TreeSet<>(this.channels.keySet());
		for (byte[] registry : List.of(this.ours, SHARED)) {
			this.server.call((commands) -> commands.smembers(registry))
				.forEach((name) -> names.add(RedisNames.text(name)));
		}
		return names.stream().map((name) -> {
			RedisChannel mine = this.channels.get(name);
			return (mine != null) ? mine : new RedisChannel(name, this.session, this.queue, this.sweep::soon);
		}).toList();
	}

	/**
	 * Takes a signal.
	 * @param kind {@code w} for work that waits, {@code p} for a task, {@code m} for the
	 * answer to a mark
	 * @param signal what it says, from the name of the line on
	 */
	void signalled(char kind, SignalReader signal) {
		RedisChannel channel = this.byLine.get(signal.text());
		if (channel == null) {
			return;
		}
		RedisConsumer consumer = channel.consumer();
		if (kind == 'p') {
			String token = signal.text();
			if (this.session.owns(token)) {
				channel.sent(signal.text(), token, signal.rest());
			}
		}
		else if (kind == 'm') {
			if (signal.text().equals(this.session.name())) {
				channel.marked(signal.text());
			}
		}
		else if (consumer != null) {
			consumer.signal();
		}
	}

	/** Signals may have been lost, and the data with them. */
	void lookAgain() {
		this.channels.values().forEach((channel) -> {
			register(channel.name());
			RedisConsumer consumer = channel.consumer();
			if (consumer != null) {
				consumer.look();
				channel.mark();
			}
		});
		this.sweep.soon();
	}

	/** Tells what is not told yet, and gives back what is left. */
	void close() {
		this.sweep.stop();
		CompletableFuture<?>[] settled = this.channels.values()
			.stream()
			.map(RedisChannel::settled)
			.toArray(CompletableFuture<?>[]::new);
		try {
			this.server.await(CompletableFuture.allOf(settled));
		}
		catch (RedisServerException ex) {
			logger.warn("Redis was not told what became of all tasks; those are done again", ex);
		}
		this.session.close();
		try {
			List<CompletableFuture<Long>> left = new ArrayList<>();
			this.channels.values().forEach((channel) -> left.add(channel.leave()));
			this.server.await(CompletableFuture.allOf(left.toArray(CompletableFuture<?>[]::new)));
		}
		catch (RedisServerException ex) {
			logger.warn("Redis was not told that this instance leaves the queue; its tasks are given back when its "
					+ "ownership is over", ex);
		}
	}

	private RedisChannel open(String name) {
		RedisChannel channel = new RedisChannel(name, this.session, this.queue, this.sweep::soon);
		this.byLine.put(channel.keys().line(), channel);
		register(name);
		return channel;
	}

	private void register(String name) {
		try {
			this.server
				.start((commands) -> commands.sadd(name.startsWith(":") ? SHARED : this.ours, RedisNames.bytes(name)))
				.exceptionally((ex) -> {
					logger.debug("A channel could not be noted; it is when the connection is back", ex);
					return 0L;
				});
		}
		catch (RedisServerException ex) {
			logger.debug("A channel could not be noted; it is when the connection is back", ex);
		}
	}

}
