package com.nocobase.cluster.cache.redis;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

import io.lettuce.core.RedisFuture;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import org.jspecify.annotations.Nullable;

import com.nocobase.cluster.cache.redis.RedisEntries.Kind;
import com.nocobase.cluster.redis.RedisNames;
import com.nocobase.cluster.redis.RedisScript;

/**
 * Changes the entries of one cache and tells nobody.
 */
class RedisChanges {

	/** With two arguments more it tells others. */
	static final RedisScript<Long> PUT_FIELD = RedisScript.ofNumber(RedisChanges.class, "put-field.lua");

	/** With two arguments more it tells others. */
	static final RedisScript<Long> DELETE_IF_SAME = RedisScript.ofNumber(RedisChanges.class, "delete-if-same.lua");

	private final RedisEntries entries;

	RedisChanges(RedisEntries entries) {
		this.entries = entries;
	}

	RedisEntries entries() {
		return this.entries;
	}

	/**
	 * Stores values.
	 * @param texts their JSON texts by key
	 * @param millis asked for each of them: how long it lives, {@code null} for ever
	 */
	void put(Map<String, byte[]> texts, Supplier<@Nullable Long> millis) {
		if (texts.size() == 1) {
			texts.forEach((key, text) -> this.entries.call((commands) -> put(commands, key, text, millis.get())));
			return;
		}
		this.entries.callAll((commands) -> {
			List<RedisFuture<?>> sent = new ArrayList<>(texts.size());
			texts.forEach((key, text) -> sent.add(put(commands, key, text, millis.get())));
			return sent;
		});
	}

	/**
	 * Stores a value and does not wait for it.
	 * @param key the key
	 * @param text its JSON text
	 * @param millis how long it lives, {@code null} for ever
	 * @return its end
	 */
	CompletionStage<?> putAsync(String key, byte[] text, @Nullable Long millis) {
		return this.entries.start((commands) -> put(commands, key, text, millis));
	}

	private RedisFuture<String> put(RedisClusterAsyncCommands<byte[], byte[]> commands, String key, byte[] text,
			@Nullable Long millis) {
		byte[] name = this.entries.key(key);
		return (millis != null) ? commands.psetex(name, millis, text) : commands.set(name, text);
	}

	void delete(Collection<String> keys) {
		this.entries.call((commands) -> commands.unlink(this.entries.keys(keys)));
	}

	void deleteIfSame(Map<String, byte[]> texts) {
		this.entries.runAll(DELETE_IF_SAME, texts.keySet(),
				(key) -> new byte[][] { texts.getOrDefault(key, new byte[0]) });
	}

	void putField(String key, String field, byte[] json, @Nullable Long millis) {
		byte[] name = RedisNames.bytes(field);
		if (millis == null) {
			this.entries.call(key, Kind.OBJECT, (commands) -> commands.hset(this.entries.key(key), name, json));
		}
		else {
			this.entries.run(key, Kind.OBJECT, PUT_FIELD, name, json, RedisNames.bytes(millis));
		}
	}

	void deleteField(String key, String field) {
		this.entries.call(key, Kind.OBJECT,
				(commands) -> commands.hdel(this.entries.key(key), RedisNames.bytes(field)));
	}

	void clear() {
		this.entries.removeAll();
	}

}
