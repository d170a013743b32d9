package com.nocobase.cluster.redis;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.stream.Stream;

import io.lettuce.core.AbstractRedisAsyncCommands;
import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import org.jspecify.annotations.Nullable;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;

import com.nocobase.cluster.support.Nanos;
import com.nocobase.cluster.support.Uninterrupted;

/**
 * Sends commands over the factory's shared connection, past Spring's conversions, and
 * waits no longer than allowed. A command that was given up is not sent any more, unless
 * it is on its way already; in a Redis Cluster it may still be sent when the connection
 * is back.
 */
final class RedisCommands {

	private final String name;

	private final RedisConnectionFactory factory;

	private final long timeout;

	/** Guards opening and closing. */
	private final ReentrantLock lock = new ReentrantLock();

	private @Nullable RedisConnection connection;

	private volatile @Nullable RedisClusterAsyncCommands<byte[], byte[]> open;

	RedisCommands(String name, RedisConnectionFactory factory, Duration timeout) {
		this.name = name;
		this.factory = factory;
		this.timeout = Nanos.of(timeout);
	}

	@SuppressWarnings("unchecked")
	void open() {
		this.lock.lock();
		try {
			close();
			RedisConnection connected = this.factory.getConnection();
			this.connection = connected;
			if (!(connected.getNativeConnection() instanceof RedisClusterAsyncCommands<?, ?> commands)) {
				throw new IllegalStateException("The connection factory '%s' is none of Lettuce".formatted(this.name));
			}
			this.open = (RedisClusterAsyncCommands<byte[], byte[]>) commands;
		}
		finally {
			this.lock.unlock();
		}
	}

	void close() {
		this.lock.lock();
		try {
			this.open = null;
			if (this.connection != null) {
				this.connection.close();
				this.connection = null;
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	<T> T run(RedisScript<T> script, byte[][] keys, byte[]... args) {
		RedisClusterAsyncCommands<byte[], byte[]> commands = commands();
		try {
			RedisFuture<T> sent = commands.evalsha(script.digest(), script.output(), keys, args);
			return get(sent, this.timeout, () -> sent.cancel(true));
		}
		catch (RedisNoScriptException ex) {
			return await(commands.eval(script.source(), script.output(), keys, args));
		}
		catch (RedisException ex) {
			throw failed(ex);
		}
	}

	<T> T finish(RedisScript<T> script, byte[][] keys, byte[]... args) {
		RedisClusterAsyncCommands<byte[], byte[]> commands = commands();
		try {
			RedisFuture<T> sent = commands.evalsha(script.digest(), script.output(), keys, args);
			return get(sent, this.timeout, () -> whole(sent.toCompletableFuture(), commands, script, keys, args));
		}
		catch (RedisNoScriptException ex) {
			// Only the copy is given up.
			return await(commands.<T>eval(script.source(), script.output(), keys, args).toCompletableFuture().copy());
		}
		catch (RedisException ex) {
			throw failed(ex);
		}
	}

	<T extends @Nullable Object> T call(Function<RedisClusterAsyncCommands<byte[], byte[]>, RedisFuture<T>> command) {
		try {
			RedisFuture<T> sent = command.apply(commands());
			return get(sent, this.timeout, () -> sent.cancel(true));
		}
		catch (RedisException ex) {
			throw failed(ex);
		}
	}

	<T> CompletableFuture<T> start(Function<RedisClusterAsyncCommands<byte[], byte[]>, RedisFuture<T>> command) {
		try {
			CompletableFuture<T> sent = command.apply(commands()).toCompletableFuture();
			CompletableFuture<T> result = sent.copy().orTimeout(this.timeout, TimeUnit.NANOSECONDS);
			return result.handle((answer, ex) -> {
				if (ex == null) {
					return answer;
				}
				sent.cancel(true);
				throw failed(unwrap(ex));
			});
		}
		catch (RedisException ex) {
			throw failed(ex);
		}
	}

	void callAll(Function<RedisClusterAsyncCommands<byte[], byte[]>, List<? extends RedisFuture<?>>> batch) {
		try {
			awaitAll(batch.apply(commands()).stream());
		}
		catch (RedisException ex) {
			throw failed(ex);
		}
	}

	void runAll(RedisScript<?> script, List<RedisScriptCall> calls) {
		RedisClusterAsyncCommands<byte[], byte[]> commands = commands();
		try {
			awaitAll(calls.stream()
				.map((call) -> commands.evalsha(script.digest(), script.output(), call.keys(), call.args())));
		}
		catch (RedisNoScriptException ex) {
			callAll((same) -> calls.stream()
				.map((call) -> same.eval(script.source(), script.output(), call.keys(), call.args()))
				.toList());
		}
		catch (RedisException ex) {
			throw failed(ex);
		}
	}

	private void awaitAll(Stream<? extends RedisFuture<?>> batch) {
		CompletableFuture<?>[] sent = batch.map(RedisFuture::toCompletableFuture).toArray(CompletableFuture<?>[]::new);
		get(CompletableFuture.allOf(sent), this.timeout,
				() -> Arrays.stream(sent).forEach((each) -> each.cancel(true)));
	}

	<T> CompletableFuture<T> send(RedisScript<T> script, byte[][] keys, byte[]... args) {
		RedisClusterAsyncCommands<byte[], byte[]> commands = commands();
		try {
			CompletableFuture<T> sent = commands.<T>evalsha(script.digest(), script.output(), keys, args)
				.toCompletableFuture();
			return whole(sent, commands, script, keys, args);
		}
		catch (RedisException ex) {
			throw failed(ex);
		}
	}

	// Sends the script again, whole, if the server does not know it.
	private <T> CompletableFuture<T> whole(CompletableFuture<T> sent,
			RedisClusterAsyncCommands<byte[], byte[]> commands, RedisScript<T> script, byte[][] keys, byte[][] args) {
		return sent.exceptionallyCompose((ex) -> (unwrap(ex) instanceof RedisNoScriptException)
				? commands.<T>eval(script.source(), script.output(), keys, args).toCompletableFuture()
				: CompletableFuture.failedFuture(failed(unwrap(ex))));
	}

	CompletableFuture<Long> publish(byte[] channel, byte[] message) {
		try {
			return commands().publish(channel, message).toCompletableFuture();
		}
		catch (RedisException ex) {
			throw failed(ex);
		}
	}

	<T> T await(Future<T> sent) {
		return await(sent, this.timeout);
	}

	<T> T await(Future<T> sent, Duration limit) {
		return await(sent, Math.min(this.timeout, Nanos.of(limit)));
	}

	private <T> T await(Future<T> sent, long limit) {
		try {
			return get(sent, limit, () -> sent.cancel(true));
		}
		catch (RedisException ex) {
			throw failed(ex);
		}
	}

	private <T extends @Nullable Object> T get(Future<T> sent, long limit, Runnable givenUp) {
		try {
			// An interrupt must not leave a lock behind.
			return Uninterrupted.get(sent, limit);
		}
		catch (TimeoutException ex) {
			givenUp.run();
			throw new RedisServerException(
					"Redis ('%s') did not answer within %s".formatted(this.name, Duration.ofNanos(limit)), ex);
		}
		catch (ExecutionException ex) {
			if (ex.getCause() instanceof RedisException cause) {
				throw cause;
			}
			throw failed(ex.getCause());
		}
		catch (CancellationException ex) {
			// The connection was closed while the command waited for it.
			throw failed(ex);
		}
	}

	private static @Nullable Throwable unwrap(Throwable ex) {
		return (ex instanceof CompletionException) ? ex.getCause() : ex;
	}

	private RedisServerException failed(@Nullable Throwable cause) {
		if (cause instanceof RedisServerException known) {
			return known;
		}
		return new RedisServerException("Redis ('%s') failed: %s".formatted(this.name, cause), cause);
	}

	private RedisClusterAsyncCommands<byte[], byte[]> commands() {
		RedisClusterAsyncCommands<byte[], byte[]> commands = this.open;
		if (commands == null) {
			throw new RedisServerException(
					"Redis ('%s') is not connected; it is so only between the start and the stop of the "
						.formatted(this.name) + "application",
					null);
		}
		return isClosed(commands) ? reopened() : commands;
	}

	private RedisClusterAsyncCommands<byte[], byte[]> reopened() {
		// The application has reset its factory.
		this.lock.lock();
		try {
			RedisClusterAsyncCommands<byte[], byte[]> commands = this.open;
			if (commands != null && isClosed(commands)) {
				open();
			}
			commands = this.open;
			if (commands == null) {
				throw new RedisException("Connection is closed");
			}
			return commands;
		}
		catch (RuntimeException ex) {
			throw failed(ex);
		}
		finally {
			this.lock.unlock();
		}
	}

	private static boolean isClosed(RedisClusterAsyncCommands<byte[], byte[]> commands) {
		return commands instanceof AbstractRedisAsyncCommands<?, ?> known
				&& known.getConnection() instanceof RedisChannelHandler<?, ?> channel && channel.isClosed();
	}

}
