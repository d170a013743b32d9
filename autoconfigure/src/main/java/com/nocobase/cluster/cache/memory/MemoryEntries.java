package com.nocobase.cluster.cache.memory;

import java.lang.reflect.Type;
import java.time.Duration;

import org.jspecify.annotations.Nullable;
import org.springframework.cache.Cache;
import org.springframework.cache.support.SimpleValueWrapper;

import com.nocobase.cluster.message.JsonCodec;

/**
 * Turns values into entries and back.
 *
 * @param <T> the type of the values
 */
final class MemoryEntries<T> {

	private final JsonCodec json;

	private final Type type;

	private final boolean copyOnRead;

	MemoryEntries(JsonCodec json, Type type, boolean copyOnRead) {
		this.json = json;
		this.type = type;
		this.copyOnRead = copyOnRead;
	}

	MemoryEntry entry(@Nullable T value, @Nullable Duration ttl) {
		byte[] text = this.json.write(value);
		Object copy = this.json.read(text, this.type);
		long nanos = MemoryExpiry.nanos(ttl);
		return this.copyOnRead ? new MemoryEntry.Copied(text, nanos) : new MemoryEntry.Shared(copy, nanos);
	}

	Cache.@Nullable ValueWrapper value(MemoryEntry entry) {
		if (entry instanceof MemoryEntry.Shared shared) {
			return shared;
		}
		return (entry instanceof MemoryEntry.Copied copied)
				? new SimpleValueWrapper(this.json.read(copied.json(), this.type)) : null;
	}

}
