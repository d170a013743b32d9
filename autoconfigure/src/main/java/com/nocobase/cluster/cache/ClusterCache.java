package com.nocobase.cluster.cache;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;
import org.springframework.cache.Cache;

/**
 * A named cache with its own keys in a store.
 * <p>
 * Absent and a cached {@code null} are different; {@code 0}, {@code false} and {@code ""}
 * are values. A value passes through JSON when it is set, on every store: later changes
 * by the caller are never seen, and what JSON cannot carry fails there. A read may return
 * an object that other readers have too, so values are immutable, unless the cache was
 * created with {@link CacheSpec#copyOnRead()}.
 * <p>
 * Inside a Spring transaction writes and deletes take effect after the commit and never
 * after a rollback; until then this transaction reads the keys that it wrote past the
 * cache, and what it loads is stored after its commit.
 * <p>
 * An object entry holds fields instead of one value. Reading it as a value, or a value as
 * an object, is an error on every store. Keys must not be blank; a ttl must be positive.
 * Safe from any thread.
 *
 * @param <T> the type of the values
 */
public interface ClusterCache<T> {

	/**
	 * Returns the name.
	 * @return the name
	 */
	String name();

	/**
	 * Returns a value.
	 * @param key the key
	 * @return the value, {@code null} if it is absent or a cached {@code null}
	 */
	@Nullable T get(String key);

	/**
	 * Returns a value where the difference matters.
	 * @param key the key
	 * @return {@code null} if it is absent, a wrapper of {@code null} if that is cached
	 */
	Cache.@Nullable ValueWrapper lookup(String key);

	/**
	 * Sets a value, with the cache's ttl.
	 * @param key the key
	 * @param value the value, {@code null} too
	 * @throws com.nocobase.cluster.message.PayloadException if JSON cannot carry it
	 */
	void set(String key, @Nullable T value);

	/**
	 * Sets a value.
	 * @param key the key
	 * @param value the value, {@code null} too
	 * @param ttl how long it lives
	 * @throws com.nocobase.cluster.message.PayloadException if JSON cannot carry it
	 */
	void set(String key, @Nullable T value, Duration ttl);

	/**
	 * Removes an entry, a value's or an object's.
	 * @param key the key
	 */
	void del(String key);

	/**
	 * Returns several values.
	 * @param keys the keys; none gives an empty map
	 * @return the hits; a cached {@code null} is one, an object is none
	 */
	Map<String, @Nullable T> mget(Collection<String> keys);

	/**
	 * Stores a value and does not wait until it is stored, but for a loader of this
	 * instance that is just storing the same key. What this thread reads afterwards is
	 * the new value all the same. Only so many of these are under way at once; beyond
	 * that a call waits like {@link #set}. One that fails reaches no caller: it is
	 * counted, as {@code cache.failed} where the cache goes on without its server and
	 * makes up for it, else as {@code cache.unwritten}. In a transaction it is
	 * {@code set}.
	 * @param key the key
	 * @param value the value, free to be changed afterwards
	 * @param ttl how long it lives, {@code null} for the cache's own
	 * @throws com.nocobase.cluster.message.PayloadException if JSON cannot carry what is
	 * sent
	 */
	void setAsync(String key, @Nullable T value, @Nullable Duration ttl);

	/**
	 * Sets several values. All pass through JSON before the first is stored.
	 * @param values the values by key; none does nothing
	 * @param ttl how long they live, {@code null} for the cache's ttl
	 * @throws com.nocobase.cluster.message.PayloadException if JSON cannot carry one;
	 * nothing is stored then
	 */
	void mset(Map<String, ? extends @Nullable T> values, @Nullable Duration ttl);

	/**
	 * Removes several entries.
	 * @param keys the keys; none does nothing
	 */
	void mdel(Collection<String> keys);

	/**
	 * Returns this cache's keys that match a pattern, as the callers named them.
	 * @param pattern {@code *} stands for any characters, {@code ?} for one, all others
	 * for themselves
	 * @return the keys
	 */
	Set<String> keys(String pattern);

	/**
	 * Returns how long an entry still lives.
	 * @param key the key
	 * @return the time; empty if it is absent or lives for ever
	 */
	Optional<Duration> ttl(String key);

	/**
	 * Removes all entries of this cache and nobody else's.
	 */
	void reset();

	/**
	 * Returns the cached value, or loads and caches it, with the cache's ttl.
	 * @param key the key
	 * @param loader loads a missing value
	 * @return the value
	 * @throws CacheLoadException if the loader threw a checked exception, which is its
	 * cause, or another caller's loader was not done in time
	 * @throws IllegalStateException if the loader asks for its own key
	 */
	@Nullable T wrap(String key, Callable<? extends @Nullable T> loader);

	/**
	 * Returns the cached value, or loads and caches it. Callers of the same key in this
	 * process share one load. A value that was set or removed meanwhile is not
	 * overwritten by what was loaded. A loader that fails caches nothing, and all who
	 * wait for it fail with what it threw. A loader that is not done within the load
	 * timeout is passed over: one of those who wait loads in its place, the others wait
	 * for that one and then give up.
	 * @param key the key
	 * @param loader loads a missing value; a {@code null} is cached too
	 * @param ttl how long it lives
	 * @return the value
	 * @throws CacheLoadException if the loader threw a checked exception, which is its
	 * cause, or another caller's loader was not done in time
	 * @throws IllegalStateException if the loader asks for its own key
	 */
	@Nullable T wrap(String key, Callable<? extends @Nullable T> loader, Duration ttl);

	/**
	 * Like {@link #wrap}, under conditions. Callers share a load, whatever their
	 * conditions are.
	 * @param key the key
	 * @param loader loads a missing value
	 * @param useCache {@code false} neither reads nor writes the cache
	 * @param isCacheable whether to cache what was loaded
	 * @param ttl how long it lives, {@code null} for the cache's ttl
	 * @return the value
	 */
	@Nullable T wrapWithCondition(String key, Callable<? extends @Nullable T> loader, boolean useCache,
			Predicate<? super @Nullable T> isCacheable, @Nullable Duration ttl);

	/**
	 * Returns a field of an object entry.
	 * @param <V> the type of the field
	 * @param key the key
	 * @param field the field
	 * @param type class of the field
	 * @return its value, {@code null} if it is absent or {@code null}
	 */
	<V> @Nullable V getValueInObject(String key, String field, Class<V> type);

	/**
	 * Sets a field of an object entry, atomically, and keeps the entry's ttl. The entry
	 * is created, with the cache's ttl, if it is absent.
	 * @param key the key
	 * @param field the field
	 * @param value its value
	 */
	void setValueInObject(String key, String field, @Nullable Object value);

	/**
	 * Removes a field of an object entry, atomically, and keeps the entry's ttl.
	 * @param key the key
	 * @param field the field
	 */
	void delValueInObject(String key, String field);

}
