package com.nocobase.cluster.redis;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Function;

import io.lettuce.core.ReadFrom;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.core.log.LogMessage;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.util.Assert;

import com.nocobase.cluster.message.Instance;
import com.nocobase.cluster.message.Subscription;
import com.nocobase.cluster.support.ClusterRuntime;
import com.nocobase.cluster.support.Signals;

/**
 * One Redis, Sentinel group or Redis Cluster as all capabilities of this instance use it:
 * over one connection for commands and one for subscriptions, however many channels,
 * locks or caches there are. Safe from any thread.
 * <p>
 * A command that finds the connection broken waits until it is back, but no longer than
 * {@code nocobase.cluster.redis.timeout}; an interrupt does not end that wait and is
 * kept.
 */
public final class RedisServer {

	private static final Log logger = LogFactory.getLog(RedisServer.class);

	private final String name;

	private final LettuceConnectionFactory factory;

	private final RedisProperties properties;

	private final byte[] signalChannel;

	private final RedisNames names;

	private final RedisCommands commands;

	private final RedisSubscriptions subscriptions;

	private final RedisHeartbeat heartbeat;

	private final RedisLink link;

	private final Map<Byte, Consumer<byte[]>> signals = new ConcurrentHashMap<>();

	/** The capabilities whose keys must not vanish. */
	private final Set<String> lasting = ConcurrentHashMap.newKeySet();

	RedisServer(String name, LettuceConnectionFactory factory, RedisProperties properties, Instance instance,
			ClusterRuntime runtime, Signals signals) {
		this.name = name;
		this.factory = factory;
		this.properties = properties;
		this.names = new RedisNames(instance);
		this.signalChannel = this.names.channel("instance", instance.id());
		this.commands = new RedisCommands(name, factory, properties.timeout());
		this.subscriptions = new RedisSubscriptions(factory, runtime, properties.timeout(), this.signalChannel,
				this::signalled, this::confirmed);
		this.heartbeat = new RedisHeartbeat(this.commands, this.signalChannel, this::sent, runtime, signals);
		this.link = new RedisLink(name, runtime, properties.maxSilence(), this.heartbeat::beatQuietly, this::restart);
	}

	void start() {
		try {
			this.commands.open();
			if (!this.lasting.isEmpty() && !this.properties.allowEviction()) {
				EvictionCheck.check(this.name, this.factory, new TreeSet<>(this.lasting));
			}
			this.subscriptions.start();
			this.link.start();
			this.heartbeat.start();
		}
		catch (RuntimeException ex) {
			stop();
			throw ex;
		}
		logger.info(LogMessage.format("Redis ('%s') is connected", this.name));
	}

	void stop() {
		this.link.stop();
		this.heartbeat.stop();
		try {
			this.subscriptions.stop();
		}
		catch (RuntimeException ex) {
			logger.warn(LogMessage.format("The subscription of Redis ('%s') could not be ended", this.name), ex);
		}
		this.commands.close();
	}

	private void confirmed() {
		this.link.confirmed();
	}

	private void sent() {
		this.link.sent();
	}

	private void restart() {
		try {
			this.subscriptions.restart();
		}
		catch (RuntimeException ex) {
			logger.warn(LogMessage.format("Redis ('%s') could not be subscribed to again; trying again", this.name),
					ex);
		}
	}

	private void signalled(byte[] signal) {
		if (signal.length == 0) {
			return;
		}
		if (signal[0] == RedisLink.SIGN) {
			this.link.heard(signal);
			return;
		}
		Consumer<byte[]> handler = this.signals.get(signal[0]);
		if (handler != null) {
			handler.accept(signal);
		}
	}

	/**
	 * Notes that a capability keeps keys here that must not vanish. Called before the
	 * start, which checks that the server does not evict.
	 * @param capability name of the capability
	 */
	public void mustNotEvict(String capability) {
		this.lasting.add(capability);
	}

	/**
	 * Returns the application's names.
	 * @return keys and channels
	 */
	public RedisNames names() {
		return this.names;
	}

	/**
	 * Returns the heartbeat.
	 * @return the heartbeat
	 */
	public RedisHeartbeat heartbeat() {
		return this.heartbeat;
	}

	/**
	 * Returns whether it is a Redis Cluster, whose {@code PUBLISH} does not tell how many
	 * it reaches.
	 * @return whether it is
	 */
	public boolean isCluster() {
		return this.factory.isClusterAware();
	}

	/**
	 * Returns whether reads may go to replicas, which lag behind.
	 * @return whether they may
	 */
	public boolean readsReplicas() {
		return this.factory.getClientConfiguration()
			.getReadFrom()
			.filter((from) -> from.getClass() != ReadFrom.UPSTREAM.getClass())
			.isPresent();
	}

	/**
	 * Returns how long the subscription connection may be silent before it is lost.
	 * @return {@code nocobase.cluster.redis.max-silence}
	 */
	public Duration maxSilence() {
		return this.properties.maxSilence();
	}

	/**
	 * Runs one command and waits for its result. It is given up after the timeout; it may
	 * still reach the server, before any command that is sent later to the same node.
	 * @param <T> the type of the result
	 * @param command sends it
	 * @return the result
	 * @throws RedisServerException if the server refused it, or did not answer in time
	 */
	public <T extends @Nullable Object> T call(
			Function<RedisClusterAsyncCommands<byte[], byte[]>, RedisFuture<T>> command) {
		return this.commands.call(command);
	}

	/**
	 * Runs one command and does not wait for it. It is given up after the timeout.
	 * @param <T> the type of the result
	 * @param command sends it, in the order of the calls of this thread
	 * @return its result to come, or the {@link RedisServerException}; dependents run on
	 * the driver's thread
	 * @throws RedisServerException if there is no connection at all
	 */
	public <T> CompletableFuture<T> start(Function<RedisClusterAsyncCommands<byte[], byte[]>, RedisFuture<T>> command) {
		return this.commands.start(command);
	}

	/**
	 * Runs a script and does not wait for it, like a command. It is sent whole, so that
	 * it is never sent again.
	 * @param <T> the type of the result
	 * @param script the script
	 * @param keys its keys, all of one tag
	 * @param args its arguments
	 * @return its result to come, or the {@link RedisServerException}; dependents run on
	 * the driver's thread, or on a timer's
	 * @throws RedisServerException if there is no connection at all
	 */
	public <T> CompletableFuture<T> start(RedisScript<T> script, byte[][] keys, byte[]... args) {
		return this.commands.start((commands) -> commands.eval(script.source(), script.output(), keys, args));
	}

	/**
	 * Runs commands in one round trip and waits for all of them, as for one.
	 * @param batch sends them
	 * @throws RedisServerException if the server refused one, or did not answer in time
	 */
	public void callAll(Function<RedisClusterAsyncCommands<byte[], byte[]>, List<? extends RedisFuture<?>>> batch) {
		this.commands.callAll(batch);
	}

	/**
	 * Runs a script and waits for its result.
	 * @param <T> the type of the result
	 * @param script the script
	 * @param keys its keys, all of one tag
	 * @param args its arguments
	 * @return the result
	 * @throws RedisServerException if the server refused it, or did not answer in time
	 */
	public <T> T run(RedisScript<T> script, byte[][] keys, byte[]... args) {
		return this.commands.run(script, keys, args);
	}

	/**
	 * Runs a script for each of several calls, all in one round trip, and waits for all
	 * of them, as for one. Where the server does not know it yet all calls are sent
	 * again, so it sets what it would set anyway.
	 * @param script the script
	 * @param calls the calls
	 * @throws RedisServerException if the server refused one, or did not answer in time
	 */
	public void runAll(RedisScript<?> script, List<RedisScriptCall> calls) {
		this.commands.runAll(script, calls);
	}

	/**
	 * Runs a script that is to take effect even where nobody waits for it any more: one
	 * that does not answer in time still reaches the server when the connection is back.
	 * @param <T> the type of the result
	 * @param script the script
	 * @param keys its keys, all of one tag
	 * @param args its arguments
	 * @return the result
	 * @throws RedisServerException if the server refused it, or did not answer in time
	 */
	public <T> T finish(RedisScript<T> script, byte[][] keys, byte[]... args) {
		return this.commands.finish(script, keys, args);
	}

	/**
	 * Sends a script, in the order of the calls of this thread.
	 * @param <T> the type of the result
	 * @param script the script
	 * @param keys its keys, all of one tag
	 * @param args its arguments
	 * @return its result to come, for {@link #await}; dependents run on the driver's
	 * thread
	 * @throws RedisServerException if there is no connection at all
	 */
	public <T> CompletableFuture<T> send(RedisScript<T> script, byte[][] keys, byte[]... args) {
		return this.commands.send(script, keys, args);
	}

	/**
	 * Publishes a message, in the order of the calls of this thread.
	 * @param channel the channel
	 * @param message the message
	 * @return completed when the server has it; dependents run on the driver's thread
	 * @throws RedisServerException if there is no connection at all
	 */
	public CompletableFuture<Long> publish(byte[] channel, byte[] message) {
		return this.commands.publish(channel, message);
	}

	/**
	 * Waits for a command, no longer than allowed.
	 * @param <T> the type of the result
	 * @param sent the command
	 * @return its result
	 * @throws RedisServerException if the server refused it, or did not answer in time
	 */
	public <T> T await(Future<T> sent) {
		return this.commands.await(sent);
	}

	/**
	 * Waits for a command, no longer than allowed and no longer than that.
	 * @param <T> the type of the result
	 * @param sent the command
	 * @param limit how long at most
	 * @return its result
	 * @throws RedisServerException if the server refused it, or did not answer in time
	 */
	public <T> T await(Future<T> sent, Duration limit) {
		return this.commands.await(sent, limit);
	}

	/**
	 * Subscribes. The subscription comes back by itself after a lost connection.
	 * @param channel the channel
	 * @param handler gets each message on the driver's thread, so it returns at once
	 * @return ends the subscription
	 * @throws RedisServerException if the server did not confirm it in time
	 */
	public Subscription subscribe(byte[] channel, Consumer<byte[]> handler) {
		return this.subscriptions.subscribe(channel, handler);
	}

	/**
	 * Returns the channel of this instance alone, on which others signal it.
	 * @return the channel, not to be changed
	 */
	public byte[] signalChannel() {
		return this.signalChannel;
	}

	/**
	 * Registers who gets the signals of one kind on {@link #signalChannel()}.
	 * @param kind first byte of such a signal, an ASCII letter other than {@code p}
	 * @param handler gets each signal whole, on the driver's thread, so it returns at
	 * once
	 */
	public void onSignal(char kind, Consumer<byte[]> handler) {
		boolean isFirst = kind != RedisLink.SIGN && this.signals.putIfAbsent((byte) kind, handler) == null;
		Assert.isTrue(isFirst, () -> "There is a handler for signals of kind '" + kind + "' already");
	}

	/**
	 * Listens for losses of the subscription connection.
	 * @param listener told of each
	 * @return ends it
	 */
	public Subscription listen(RedisLinkListener listener) {
		return this.link.listen(listener);
	}

	/**
	 * Returns whether the subscription connection is lost right now.
	 * @return whether it is
	 */
	public boolean isLost() {
		return this.link.isLost();
	}

	/**
	 * Returns whether the subscription connection is lost, for who knows the time.
	 * @param now the monotonic time
	 * @return whether it is
	 */
	public boolean isLost(long now) {
		return this.link.isLost(now);
	}

	/**
	 * Returns how often the subscription connection was lost. While the number stays the
	 * same and the connection is not {@linkplain #isLost() lost}, nothing that was
	 * published longer ago than {@code nocobase.cluster.redis.max-silence} was missed.
	 * @return a number that only rises
	 */
	public long losses() {
		return this.link.losses();
	}

	@Override
	public String toString() {
		return "Redis ('" + this.name + "')";
	}

}
