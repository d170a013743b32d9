package com.nocobase.cluster.cache.redis;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

import io.lettuce.core.KeyScanCursor;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.ScanArgs;
import io.lettuce.core.ScanCursor;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import org.jspecify.annotations.Nullable;

import com.nocobase.cluster.redis.RedisNames;
import com.nocobase.cluster.redis.RedisScript;
import com.nocobase.cluster.redis.RedisScriptCall;
import com.nocobase.cluster.redis.RedisServer;
import com.nocobase.cluster.redis.RedisServerException;
import com.nocobase.cluster.support.Glob;

/**
 * The keys of one cache at the server, all behind its scope, and the commands for them. A
 * key is found and removed without looking at those of others: {@code SCAN} goes through
 * the server in small steps, on every node of a Redis Cluster. After each step it rests
 * for as long as that took, so that most calls of others are as fast as ever.
 */
final class RedisEntries {

	/** Keys that one step looks at or removes; the server serves others in between. */
	private static final int STEP = 100;

	private static final String WRONG_TYPE = "WRONGTYPE";

	private final RedisServer server;

	private final String cache;

	private final String scope;

	RedisEntries(RedisServer server, String cache, String scope) {
		this.server = server;
		this.cache = cache;
		this.scope = scope;
	}

	String cache() {
		return this.cache;
	}

	byte[] key(String key) {
		return RedisNames.bytes(this.scope + key);
	}

	byte[][] keys(Collection<String> keys) {
		return keys.stream().map(this::key).toArray(byte[][]::new);
	}

	/**
	 * Runs a command.
	 * @param <R> the type of the result
	 * @param command sends it
	 * @return the result
	 * @throws UnreachableException if the server did not do it, or may not have
	 */
	<R extends @Nullable Object> R call(Function<RedisClusterAsyncCommands<byte[], byte[]>, RedisFuture<R>> command) {
		try {
			return this.server.call(command);
		}
		catch (RedisServerException ex) {
			throw failed(ex);
		}
	}

	/**
	 * Runs a command for one entry.
	 * @param <R> the type of the result
	 * @param key the key
	 * @param kind what the entry has to be
	 * @param command sends it
	 * @return the result
	 * @throws IllegalStateException if the entry is of the other kind
	 * @throws UnreachableException if the server did not do it, or may not have
	 */
	<R extends @Nullable Object> R call(String key, Kind kind,
			Function<RedisClusterAsyncCommands<byte[], byte[]>, RedisFuture<R>> command) {
		try {
			return this.server.call(command);
		}
		catch (RedisServerException ex) {
			throw failed(key, kind, ex);
		}
	}

	/**
	 * Runs a command and does not wait for it.
	 * @param command sends it
	 * @return its end, or the {@link UnreachableException}
	 * @throws UnreachableException if it cannot be sent
	 */
	CompletionStage<?> start(Function<RedisClusterAsyncCommands<byte[], byte[]>, RedisFuture<String>> command) {
		return started(() -> this.server.start(command));
	}

	CompletionStage<?> start(String key, RedisScript<?> script, byte[]... args) {
		return started(() -> this.server.start(script, new byte[][] { key(key) }, args));
	}

	private CompletionStage<?> started(Supplier<CompletableFuture<?>> start) {
		try {
			return start.get().handle((done, ex) -> {
				Throwable cause = (ex instanceof CompletionException) ? ex.getCause() : ex;
				if (cause instanceof RedisServerException failure) {
					throw failed(failure);
				}
				return done;
			});
		}
		catch (RedisServerException ex) {
			throw failed(ex);
		}
	}

	<R> R run(String key, Kind kind, RedisScript<R> script, byte[]... args) {
		try {
			return this.server.run(script, new byte[][] { key(key) }, args);
		}
		catch (RedisServerException ex) {
			throw failed(key, kind, ex);
		}
	}

	/**
	 * Runs commands for one entry in one round trip.
	 * @param key the key
	 * @param kind what the entry has to be
	 * @param batch sends them
	 * @throws IllegalStateException if the entry is of the other kind
	 * @throws UnreachableException if the server did not do it, or may not have
	 */
	void callAll(String key, Kind kind,
			Function<RedisClusterAsyncCommands<byte[], byte[]>, List<? extends RedisFuture<?>>> batch) {
		try {
			this.server.callAll(batch);
		}
		catch (RedisServerException ex) {
			throw failed(key, kind, ex);
		}
	}

	/**
	 * Runs a script for each of several entries, all in one round trip.
	 * @param script the script
	 * @param keys the keys
	 * @param args its arguments for a key
	 * @throws UnreachableException if the server did not do it, or may not have
	 */
	void runAll(RedisScript<?> script, Collection<String> keys, Function<String, byte[][]> args) {
		try {
			this.server.runAll(script,
					keys.stream()
						.map((key) -> new RedisScriptCall(new byte[][] { key(key) }, args.apply(key)))
						.toList());
		}
		catch (RedisServerException ex) {
			throw failed(ex);
		}
	}

	void callAll(Function<RedisClusterAsyncCommands<byte[], byte[]>, List<? extends RedisFuture<?>>> batch) {
		try {
			this.server.callAll(batch);
		}
		catch (RedisServerException ex) {
			throw failed(ex);
		}
	}

	Set<String> find(String pattern) {
		Glob glob = new Glob(pattern);
		Set<String> found = new LinkedHashSet<>();
		scan(literal(pattern),
				(page) -> page.stream()
					.map((key) -> RedisNames.text(key).substring(this.scope.length()))
					.filter(glob::matches)
					.forEach(found::add));
		return Set.copyOf(found);
	}

	void removeAll() {
		List<byte[]> found = new ArrayList<>();
		scan("", (page) -> {
			found.addAll(page);
			if (found.size() >= STEP) {
				remove(found);
			}
		});
		remove(found);
	}

	private void remove(List<byte[]> keys) {
		if (!keys.isEmpty()) {
			byte[][] removed = keys.toArray(byte[][]::new);
			call((commands) -> commands.unlink(removed));
			keys.clear();
		}
	}

	private void scan(String prefix, Consumer<List<byte[]>> pages) {
		ScanArgs args = ScanArgs.Builder.limit(STEP).match(RedisNames.bytes(escape(this.scope + prefix) + "*"));
		ScanCursor at = ScanCursor.INITIAL;
		while (!at.isFinished()) {
			ScanCursor from = at;
			long begun = System.nanoTime();
			KeyScanCursor<byte[]> page = call((commands) -> commands.scan(from, args));
			if (!page.getKeys().isEmpty()) {
				pages.accept(page.getKeys());
			}
			at = page;
			if (!at.isFinished()) {
				LockSupport.parkNanos(this, System.nanoTime() - begun);
			}
		}
	}

	private static String literal(String pattern) {
		int end = 0;
		while (end < pattern.length() && pattern.charAt(end) != '*' && pattern.charAt(end) != '?') {
			end++;
		}
		return pattern.substring(0, end);
	}

	private static String escape(String text) {
		return text.replaceAll("[\\\\*?\\[\\]^]", "\\\\$0");
	}

	private RuntimeException failed(String key, Kind kind, RedisServerException ex) {
		Throwable cause = ex.getCause();
		if (cause != null && String.valueOf(cause.getMessage()).contains(WRONG_TYPE)) {
			return new IllegalStateException("Key '%s' of cache '%s' is %s".formatted(key, this.cache, kind.other), ex);
		}
		return failed(ex);
	}

	private UnreachableException failed(RedisServerException ex) {
		return new UnreachableException(this.cache, ex);
	}

	/** What an entry is. */
	enum Kind {

		/** Text of Redis. */
		VALUE("an object, not a value"),

		/** Hash of Redis. */
		OBJECT("a value, not an object");

		private final String other;

		Kind(String other) {
			this.other = other;
		}

	}

}
