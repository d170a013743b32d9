package com.nocobase.cluster.cache.redis;

import java.lang.reflect.Type;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Stream;

import io.lettuce.core.KeyValue;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.SetArgs;
import org.jspecify.annotations.Nullable;
import org.springframework.cache.Cache.ValueWrapper;
import org.springframework.cache.support.SimpleValueWrapper;

import com.nocobase.cluster.cache.CacheException;
import com.nocobase.cluster.cache.redis.RedisEntries.Kind;
import com.nocobase.cluster.message.JsonCodec;
import com.nocobase.cluster.message.PayloadException;
import com.nocobase.cluster.redis.RedisNames;

/**
 * The entries of one cache: a value is its JSON text, an object a hash with one JSON text
 * for each field. Each call is one round trip, in a Redis Cluster one for each node;
 * {@link #keys} and {@link #clear} take several.
 *
 * @param <T> the type of the values
 */
final class RedisRegion<T> implements RemoteRegion<T> {

	private final RedisEntries entries;

	private final Type type;

	private final JsonCodec json;

	private final RedisChanges changes;

	RedisRegion(RedisEntries entries, RedisChanges changes, Type type, JsonCodec json) {
		this.entries = entries;
		this.changes = changes;
		this.type = type;
		this.json = json;
	}

	@Override
	public @Nullable ValueWrapper get(String key) {
		byte[] text = this.entries.<byte @Nullable []>call(key, Kind.VALUE,
				(commands) -> commands.get(this.entries.key(key)));
		return (text != null) ? new SimpleValueWrapper(read(key, text)) : null;
	}

	@SuppressWarnings("unchecked")
	private @Nullable T read(String key, byte[] text) {
		try {
			return (T) this.json.read(text, this.type);
		}
		catch (PayloadException ex) {
			throw new CacheException(
					"Key '%s' of cache '%s' is there, but is no %s; delete it, or ask for the type that was stored"
						.formatted(key, this.entries.cache(), this.type.getTypeName()),
					ex);
		}
	}

	@Override
	public boolean contains(String key) {
		return this.entries.call((commands) -> commands.exists(this.entries.key(key))) > 0;
	}

	@Override
	public Map<String, @Nullable T> getAll(Collection<String> keys) {
		List<KeyValue<byte[], byte[]>> found = this.entries.call((commands) -> commands.mget(this.entries.keys(keys)));
		Map<String, @Nullable T> hits = new LinkedHashMap<>();
		int at = 0;
		for (String key : keys) {
			KeyValue<byte[], byte[]> each = found.get(at++);
			if (each.hasValue()) {
				hits.put(key, read(key, each.getValue()));
			}
		}
		return hits;
	}

	@Override
	public @Nullable Timed<T> getTimed(String key) {
		byte[] name = this.entries.key(key);
		AtomicReference<@Nullable RedisFuture<byte[]>> text = new AtomicReference<>();
		AtomicReference<@Nullable RedisFuture<Long>> left = new AtomicReference<>();
		this.entries.callAll(key, Kind.VALUE, (commands) -> {
			// The time first: the copy of a value that has just expired must not live as
			// long as the next one.
			RedisFuture<Long> time = commands.pttl(name);
			RedisFuture<byte[]> value = commands.get(name);
			text.set(value);
			left.set(time);
			return List.of(value, time);
		});
		byte[] found = result(text.get());
		Long millis = result(left.get());
		return (found != null && millis != null) ? timed(key, found, millis) : null;
	}

	@Override
	public Map<String, Timed<T>> getAllTimed(Collection<String> keys) {
		AtomicReference<@Nullable RedisFuture<List<KeyValue<byte[], byte[]>>>> found = new AtomicReference<>();
		List<RedisFuture<Long>> left = new ArrayList<>(keys.size());
		this.entries.callAll((commands) -> {
			keys.forEach((key) -> left.add(commands.pttl(this.entries.key(key))));
			RedisFuture<List<KeyValue<byte[], byte[]>>> values = commands.mget(this.entries.keys(keys));
			found.set(values);
			return Stream.concat(Stream.of(values), left.stream()).toList();
		});
		Iterator<KeyValue<byte[], byte[]>> values = Objects.requireNonNull(result(found.get())).iterator();
		Iterator<RedisFuture<Long>> times = left.iterator();
		Map<String, Timed<T>> hits = new LinkedHashMap<>();
		for (String key : keys) {
			KeyValue<byte[], byte[]> each = values.next();
			Long millis = result(times.next());
			if (each.hasValue() && millis != null) {
				hits.put(key, timed(key, each.getValue(), millis));
			}
		}
		return hits;
	}

	private Timed<T> timed(String key, byte[] text, long millis) {
		return new Timed<>(read(key, text), (millis != -1) ? millis : Timed.FOR_EVER);
	}

	private static <R> @Nullable R result(@Nullable RedisFuture<R> done) {
		return (done != null) ? done.toCompletableFuture().join() : null;
	}

	@Override
	public void putAll(Map<String, ? extends @Nullable T> values, Supplier<@Nullable Duration> ttl) {
		Map<String, byte[]> texts = new LinkedHashMap<>();
		values.forEach((key, value) -> texts.put(key, this.json.write(value)));
		this.changes.put(texts, () -> Ttl.millis(ttl.get()));
	}

	@Override
	public CompletionStage<?> putAsync(String key, @Nullable T value, @Nullable Duration ttl) {
		return this.changes.putAsync(key, this.json.write(value), Ttl.millis(ttl));
	}

	@Override
	public byte @Nullable [] fillIfAbsent(String key, @Nullable T value, @Nullable Duration ttl) {
		byte[] name = this.entries.key(key);
		byte[] text = this.json.write(value);
		Long millis = Ttl.millis(ttl);
		// What others have set meanwhile is newer.
		SetArgs args = (millis != null) ? SetArgs.Builder.nx().px(millis) : SetArgs.Builder.nx();
		return (this.entries.<@Nullable String>call((commands) -> commands.set(name, text, args)) != null) ? text
				: null;
	}

	@Override
	public void deleteIfSame(Map<String, byte[]> texts) {
		this.changes.deleteIfSame(texts);
	}

	@Override
	public void deleteAll(Collection<String> keys) {
		this.changes.delete(keys);
	}

	@Override
	public Set<String> keys(String pattern) {
		return this.entries.find(pattern);
	}

	@Override
	public Optional<Duration> ttl(String key) {
		long millis = this.entries.call((commands) -> commands.pttl(this.entries.key(key)));
		return (millis > 0) ? Optional.of(Duration.ofMillis(millis)) : Optional.empty();
	}

	@Override
	public void clear() {
		this.changes.clear();
	}

	@Override
	public byte @Nullable [] getField(String key, String field) {
		return this.entries.<byte @Nullable []>call(key, Kind.OBJECT,
				(commands) -> commands.hget(this.entries.key(key), RedisNames.bytes(field)));
	}

	@Override
	public void putField(String key, String field, byte[] json, @Nullable Duration ttl) {
		this.changes.putField(key, field, json, Ttl.millis(ttl));
	}

	@Override
	public void deleteField(String key, String field) {
		this.changes.deleteField(key, field);
	}

}
