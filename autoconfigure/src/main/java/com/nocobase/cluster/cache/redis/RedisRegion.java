package com.nocobase.cluster.cache.redis;

import java.lang.reflect.Type;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

import io.lettuce.core.KeyValue;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import org.jspecify.annotations.Nullable;
import org.springframework.cache.Cache.ValueWrapper;
import org.springframework.cache.support.SimpleValueWrapper;

import com.nocobase.cluster.cache.CacheException;
import com.nocobase.cluster.cache.CacheRegion;
import com.nocobase.cluster.cache.redis.RedisEntries.Kind;
import com.nocobase.cluster.message.JsonCodec;
import com.nocobase.cluster.message.PayloadException;
import com.nocobase.cluster.redis.RedisNames;
import com.nocobase.cluster.redis.RedisScript;

/**
 * The entries of one cache: a value is its JSON text, an object a hash with one JSON text
 * for each field. Each call is one round trip, in a Redis Cluster one for each node;
 * {@link #keys} and {@link #clear} take several.
 *
 * @param <T> the type of the values
 */
final class RedisRegion<T> implements CacheRegion<T> {

	private static final RedisScript<Long> PUT_FIELD = RedisScript.ofNumber(RedisRegion.class, "put-field.lua");

	private final RedisEntries entries;

	private final Type type;

	private final JsonCodec json;

	RedisRegion(RedisEntries entries, Type type, JsonCodec json) {
		this.entries = entries;
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
	public void putAll(Map<String, ? extends @Nullable T> values, Supplier<@Nullable Duration> ttl) {
		Map<String, byte[]> texts = new LinkedHashMap<>();
		values.forEach((key, value) -> texts.put(key, this.json.write(value)));
		if (texts.size() == 1) {
			texts.forEach((key, text) -> this.entries.call((commands) -> put(commands, key, text, ttl.get())));
			return;
		}
		this.entries.callAll((commands) -> {
			List<RedisFuture<?>> sent = new ArrayList<>(texts.size());
			texts.forEach((key, text) -> sent.add(put(commands, key, text, ttl.get())));
			return sent;
		});
	}

	private RedisFuture<String> put(RedisClusterAsyncCommands<byte[], byte[]> commands, String key, byte[] text,
			@Nullable Duration ttl) {
		byte[] name = this.entries.key(key);
		Long millis = Ttl.millis(ttl);
		return (millis != null) ? commands.psetex(name, millis, text) : commands.set(name, text);
	}

	@Override
	public void deleteAll(Collection<String> keys) {
		this.entries.call((commands) -> commands.unlink(this.entries.keys(keys)));
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
		this.entries.removeAll();
	}

	@Override
	public byte @Nullable [] getField(String key, String field) {
		return this.entries.<byte @Nullable []>call(key, Kind.OBJECT,
				(commands) -> commands.hget(this.entries.key(key), RedisNames.bytes(field)));
	}

	@Override
	public void putField(String key, String field, byte[] json, @Nullable Duration ttl) {
		byte[] name = RedisNames.bytes(field);
		Long millis = Ttl.millis(ttl);
		if (millis == null) {
			this.entries.call(key, Kind.OBJECT, (commands) -> commands.hset(this.entries.key(key), name, json));
		}
		else {
			this.entries.run(key, Kind.OBJECT, PUT_FIELD, name, json, RedisNames.bytes(millis));
		}
	}

	@Override
	public void deleteField(String key, String field) {
		this.entries.call(key, Kind.OBJECT,
				(commands) -> commands.hdel(this.entries.key(key), RedisNames.bytes(field)));
	}

}
