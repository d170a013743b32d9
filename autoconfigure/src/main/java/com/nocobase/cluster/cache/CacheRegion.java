package com.nocobase.cluster.cache;

import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.springframework.cache.Cache;

/**
 * The entries of one cache in its store. Arguments were checked by the caller: keys are
 * not blank, a ttl is positive, collections are not empty. Safe from any thread; each
 * call is atomic per key.
 *
 * @param <T> the type of the values
 */
public interface CacheRegion<T> {

	/**
	 * Reads a value.
	 * @param key the key
	 * @return {@code null} if it is absent, else its value
	 * @throws IllegalStateException if the entry is an object
	 */
	Cache.@Nullable ValueWrapper get(String key);

	/**
	 * Returns whether there is an entry, a value's or an object's.
	 * @param key the key
	 * @return whether there is
	 */
	boolean contains(String key);

	/**
	 * Reads several values.
	 * @param keys the keys
	 * @return the hits; objects are none
	 */
	Map<String, @Nullable T> getAll(Collection<String> keys);

	/**
	 * Stores values, over whatever was there. All are turned into what will be read
	 * before the first is stored.
	 * @param values the values by key
	 * @param ttl asked for each of them: how long it lives, {@code null} for ever
	 * @throws com.nocobase.cluster.message.PayloadException if JSON cannot carry one;
	 * nothing is stored then
	 */
	void putAll(Map<String, ? extends @Nullable T> values, Supplier<@Nullable Duration> ttl);

	/**
	 * Stores a value, and need not wait until it is stored. It is turned into what will
	 * be read before this returns.
	 * @param key the key
	 * @param value the value
	 * @param ttl how long it lives, {@code null} for ever
	 * @return completed when it is stored or what is to be done instead is done,
	 * exceptionally if it is lost
	 * @throws com.nocobase.cluster.message.PayloadException if JSON cannot carry it
	 */
	default CompletionStage<?> putAsync(String key, @Nullable T value, @Nullable Duration ttl) {
		putAll(Collections.singletonMap(key, value), () -> ttl);
		return CompletableFuture.completedStage(null);
	}

	/**
	 * Returns how often other processes have changed a key, as far as this one hears of
	 * it.
	 * @param key the key
	 * @return a number that rises with each such change; the same for ever where changes
	 * of other processes are not heard of
	 */
	default long version(String key) {
		return 0;
	}

	/**
	 * Stores a value that was loaded because it was missing. It is no change: what others
	 * have of it stays true.
	 * @param key the key
	 * @param value the value
	 * @param ttl how long it lives, {@code null} for ever
	 * @param version {@link #version} before it was loaded; where it is another one by
	 * now the value may be old, and is not stored
	 */
	default void fill(String key, @Nullable T value, @Nullable Duration ttl, long version) {
		putAll(Collections.singletonMap(key, value), () -> ttl);
	}

	/**
	 * Removes entries.
	 * @param keys the keys
	 */
	void deleteAll(Collection<String> keys);

	/**
	 * Returns keys.
	 * @param pattern {@code *} stands for any characters, {@code ?} for one
	 * @return the keys without the scope
	 */
	Set<String> keys(String pattern);

	/**
	 * Returns how long an entry still lives.
	 * @param key the key
	 * @return the time; empty if it is absent or lives for ever
	 */
	Optional<Duration> ttl(String key);

	/**
	 * Removes all entries of this region.
	 */
	void clear();

	/**
	 * Reads a field.
	 * @param key the key
	 * @param field the field
	 * @return its JSON text, {@code null} if it or the entry is absent
	 * @throws IllegalStateException if the entry is a value
	 */
	byte @Nullable [] getField(String key, String field);

	/**
	 * Stores a field and keeps the entry's ttl.
	 * @param key the key
	 * @param field the field
	 * @param json its JSON text
	 * @param ttl of the entry, if it has to be created; {@code null} for ever
	 * @throws IllegalStateException if the entry is a value
	 */
	void putField(String key, String field, byte[] json, @Nullable Duration ttl);

	/**
	 * Removes a field and keeps the entry's ttl. An entry without fields is absent.
	 * @param key the key
	 * @param field the field
	 * @throws IllegalStateException if the entry is a value
	 */
	void deleteField(String key, String field);

}
