package com.nocobase.cluster.cache;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

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
	 * Reads several values.
	 * @param keys the keys
	 * @return the hits
	 */
	Map<String, @Nullable T> getAll(Collection<String> keys);

	/**
	 * Stores values, over whatever was there.
	 * @param values the values by key
	 * @param ttl how long they live, {@code null} for ever
	 */
	void putAll(Map<String, ? extends @Nullable T> values, @Nullable Duration ttl);

	/**
	 * Turns a value into what a read would give, which shows that the store can carry it.
	 * @param value the value
	 * @return the value as it would be read
	 */
	@Nullable T copy(@Nullable T value);

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
	 * @param <V> the type of the field
	 * @param key the key
	 * @param field the field
	 * @param type class of the field
	 * @return its value, or {@code null}
	 * @throws IllegalStateException if the entry is a value
	 */
	<V> @Nullable V getField(String key, String field, Class<V> type);

	/**
	 * Stores a field and keeps the entry's ttl.
	 * @param key the key
	 * @param field the field
	 * @param value its value
	 * @param ttl of the entry, if it has to be created; {@code null} for ever
	 * @throws IllegalStateException if the entry is a value
	 */
	void putField(String key, String field, @Nullable Object value, @Nullable Duration ttl);

	/**
	 * Removes a field and keeps the entry's ttl.
	 * @param key the key
	 * @param field the field
	 * @throws IllegalStateException if the entry is a value
	 */
	void deleteField(String key, String field);

}
