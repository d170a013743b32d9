package com.nocobase.cluster.cache.redis;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import com.nocobase.cluster.cache.redis.RedisEntries.Kind;
import com.nocobase.cluster.redis.RedisNames;
import com.nocobase.cluster.redis.RedisScript;

/**
 * Changes the entries of one cache and tells all instances, in the same step: whoever
 * reads an entry after it was told reads the new one.
 */
final class AnnouncedChanges extends RedisChanges {

	private static final RedisScript<Long> CHANGE = RedisScript.ofNumber(AnnouncedChanges.class, "change.lua");

	private final NearChannel channel;

	private final String scope;

	AnnouncedChanges(RedisEntries entries, NearChannel channel, String scope) {
		super(entries);
		this.channel = channel;
		this.scope = scope;
	}

	@Override
	void put(Map<String, byte[]> texts, Supplier<@Nullable Long> millis) {
		entries().runAll(CHANGE, texts.keySet(), (key) -> put(key, texts.getOrDefault(key, new byte[0]), millis.get()));
	}

	@Override
	CompletionStage<?> putAsync(String key, byte[] text, @Nullable Long millis) {
		return entries().start(key, CHANGE, put(key, text, millis));
	}

	private byte[][] put(String key, byte[] text, @Nullable Long millis) {
		return (millis != null) ? args(key, true, "PSETEX", RedisNames.bytes(millis), text)
				: args(key, true, "SET", text);
	}

	@Override
	void delete(Collection<String> keys) {
		entries().runAll(CHANGE, keys, (key) -> args(key, false, "UNLINK"));
	}

	@Override
	void deleteIfSame(Map<String, byte[]> texts) {
		entries().runAll(DELETE_IF_SAME, texts.keySet(), (key) -> new byte[][] { texts.getOrDefault(key, new byte[0]),
				this.channel.name(), this.channel.news(this.scope, key, false) });
	}

	@Override
	void putField(String key, String field, byte[] json, @Nullable Long millis) {
		byte[] name = RedisNames.bytes(field);
		if (millis == null) {
			entries().run(key, Kind.OBJECT, CHANGE, args(key, false, "HSET", name, json));
		}
		else {
			entries().run(key, Kind.OBJECT, PUT_FIELD, name, json, RedisNames.bytes(millis), this.channel.name(),
					this.channel.news(this.scope, key, false));
		}
	}

	@Override
	void deleteField(String key, String field) {
		entries().run(key, Kind.OBJECT, CHANGE, args(key, false, "HDEL", RedisNames.bytes(field)));
	}

	@Override
	void clear() {
		// Before, so that what was loaded earlier is not stored behind the scan.
		announceAll();
		try {
			super.clear();
		}
		finally {
			announceAll();
		}
	}

	private void announceAll() {
		entries().call((commands) -> commands.publish(this.channel.name(), this.channel.news(this.scope, null, false)));
	}

	private byte[][] args(String key, boolean isSet, String command, byte[]... rest) {
		List<byte[]> args = new ArrayList<>(3 + rest.length);
		args.add(this.channel.name());
		args.add(this.channel.news(this.scope, key, isSet));
		args.add(RedisNames.bytes(command));
		args.addAll(List.of(rest));
		return args.toArray(byte[][]::new);
	}

}
