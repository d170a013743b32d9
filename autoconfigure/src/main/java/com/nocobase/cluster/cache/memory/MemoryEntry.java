package com.nocobase.cluster.cache.memory;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;
import org.springframework.cache.Cache;

/**
 * What is kept under a key.
 */
sealed interface MemoryEntry {

	/**
	 * Returns how long the entry lives from when it was stored.
	 * @return nanoseconds, {@link MemoryExpiry#NEVER} for ever
	 */
	long nanos();

	/**
	 * A value that all readers share; the entry is the wrapper that they get, so that a
	 * hit allocates nothing.
	 *
	 * @param get the value
	 * @param nanos how long it lives
	 */
	record Shared(@Nullable Object get, long nanos) implements MemoryEntry, Cache.ValueWrapper {

	}

	/**
	 * A value that each reader gets a copy of.
	 *
	 * @param json its JSON text
	 * @param nanos how long it lives
	 */
	@SuppressWarnings("ArrayRecordComponent") // never compared
	record Copied(byte[] json, long nanos) implements MemoryEntry {

	}

	/**
	 * An object. Its fields change only while its key is locked.
	 *
	 * @param fields JSON texts by name
	 * @param nanos how long it lives
	 */
	record Fields(Map<String, byte[]> fields, long nanos) implements MemoryEntry {

		static Fields livingFor(long nanos) {
			return new Fields(new ConcurrentHashMap<>(), nanos);
		}

	}

}
