package com.nocobase.cluster.cache;

import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;
import org.springframework.cache.Cache;
import org.springframework.util.Assert;

import com.nocobase.cluster.message.JsonCodec;
import com.nocobase.cluster.message.Names;

/**
 * A cache over the region of some store: it knows arguments, transactions and loaders,
 * the region knows entries. Safe from any thread.
 *
 * @param <T> the type of the values
 */
final class NamedCache<T> implements ClusterCache<T> {

	private final CacheSpec<T> spec;

	private final String name;

	private final CacheRegion<T> region;

	private final CacheValues<T> values;

	private final CacheContext context;

	private final Lifetime lifetime;

	private final Duration loadTimeout;

	private final Flights<T> flights = new Flights<>();

	private final CacheLoading<T> loading;

	NamedCache(CacheSpec<T> spec, CacheSettings settings, CacheRegion<T> region, LoadTurns turns, JsonCodec json,
			Duration loadTimeout, CacheContext context) {
		this.spec = spec;
		this.name = settings.name();
		this.region = region;
		this.values = new CacheValues<>(json, settings.type());
		this.context = context;
		this.lifetime = new Lifetime(settings.ttl(), spec.jitter());
		this.loadTimeout = loadTimeout;
		this.loading = new CacheLoading<>(settings, region, turns, this.values, this.flights, context, loadTimeout);
	}

	CacheSpec<T> spec() {
		return this.spec;
	}

	Duration loadTimeout() {
		return this.loadTimeout;
	}

	long hangingLoads() {
		return this.flights.hanging(this.context.runtime().nanoTime());
	}

	@Override
	public String name() {
		return this.name;
	}

	@Override
	@SuppressWarnings("unchecked")
	public @Nullable T get(String key) {
		Cache.ValueWrapper hit = lookup(key);
		return (hit != null) ? (T) hit.get() : null;
	}

	@Override
	public Cache.@Nullable ValueWrapper lookup(String key) {
		CacheArguments.key(key);
		this.context.checkOpen();
		return this.context.isDirty(this.name, key) ? null : this.region.get(key);
	}

	@Override
	public Map<String, @Nullable T> mget(Collection<String> keys) {
		CacheArguments.keys(keys);
		this.context.checkOpen();
		Collection<String> clean = (keys instanceof Set) ? keys : new LinkedHashSet<>(keys);
		if (this.context.isDeferred()) {
			clean = clean.stream().filter(this::isClean).toList();
		}
		return clean.isEmpty() ? Map.of() : this.region.getAll(clean);
	}

	@Override
	public Set<String> keys(String pattern) {
		Names.checkKey("pattern", pattern);
		this.context.checkOpen();
		return this.region.keys(pattern).stream().filter(this::isClean).collect(Collectors.toUnmodifiableSet());
	}

	@Override
	public Optional<Duration> ttl(String key) {
		CacheArguments.key(key);
		this.context.checkOpen();
		return isClean(key) ? this.region.ttl(key) : Optional.empty();
	}

	@Override
	public <V> @Nullable V getValueInObject(String key, String field, Class<V> type) {
		CacheArguments.key(key);
		CacheArguments.field(field);
		this.context.checkOpen();
		byte[] json = isClean(key) ? this.region.getField(key, field) : null;
		return (json != null) ? this.values.json().read(json, type) : null;
	}

	boolean isPresent(String key) {
		this.context.checkOpen();
		return isClean(key) && this.region.contains(key);
	}

	private boolean isClean(String key) {
		return !this.context.isDirty(this.name, key);
	}

	@Override
	public void set(String key, @Nullable T value) {
		CacheArguments.key(key);
		store(Collections.singletonMap(key, value), null);
	}

	@Override
	public void set(String key, @Nullable T value, Duration ttl) {
		CacheArguments.key(key);
		CacheArguments.ttl(ttl);
		store(Collections.singletonMap(key, value), ttl);
	}

	@Override
	public void mset(Map<String, ? extends @Nullable T> values, @Nullable Duration ttl) {
		Assert.notNull(values, "values must not be null");
		CacheArguments.keys(values.keySet());
		if (ttl != null) {
			CacheArguments.ttl(ttl);
		}
		if (!values.isEmpty()) {
			store(values, ttl);
		}
	}

	@Override
	public void setAsync(String key, @Nullable T value, @Nullable Duration ttl) {
		CacheArguments.key(key);
		if (ttl != null) {
			CacheArguments.ttl(ttl);
		}
		if (this.context.isDeferred() || !this.context.beginAsync()) {
			store(Collections.singletonMap(key, value), ttl);
			return;
		}
		try {
			this.context.checkOpen();
			this.flights.writeAsync(key, () -> this.region.putAsync(key, value, this.lifetime.of(ttl).get()))
				.whenComplete((stored, ex) -> this.context.endAsync(this.name, ex));
		}
		catch (RuntimeException | Error ex) {
			this.context.endAsync(this.name, null);
			throw ex;
		}
	}

	private void store(Map<String, ? extends @Nullable T> values, @Nullable Duration ttl) {
		this.context.checkOpen();
		Map<String, ? extends @Nullable T> entries = this.context.isDeferred() ? copies(values) : values;
		write(values.keySet(), () -> this.region.putAll(entries, this.lifetime.of(ttl)));
	}

	private Map<String, @Nullable T> copies(Map<String, ? extends @Nullable T> values) {
		// What JSON cannot carry fails now, and the caller may go on to change the
		// values.
		Map<String, @Nullable T> copies = new LinkedHashMap<>();
		values.forEach((key, value) -> copies.put(key, this.values.copy(value)));
		return copies;
	}

	@Override
	public void del(String key) {
		CacheArguments.key(key);
		delete(Set.of(key));
	}

	@Override
	public void mdel(Collection<String> keys) {
		CacheArguments.keys(keys);
		if (!keys.isEmpty()) {
			delete(Set.copyOf(keys));
		}
	}

	private void delete(Set<String> keys) {
		this.context.checkOpen();
		write(keys, () -> this.region.deleteAll(keys));
	}

	@Override
	public void setValueInObject(String key, String field, @Nullable Object value) {
		CacheArguments.key(key);
		CacheArguments.field(field);
		this.context.checkOpen();
		byte[] json = this.values.json().write(value);
		write(Set.of(key), () -> this.region.putField(key, field, json, this.lifetime.of(null).get()));
	}

	@Override
	public void delValueInObject(String key, String field) {
		CacheArguments.key(key);
		CacheArguments.field(field);
		this.context.checkOpen();
		write(Set.of(key), () -> this.region.deleteField(key, field));
	}

	private void write(Collection<String> keys, Runnable write) {
		if (!this.context.isDeferred()) {
			this.flights.write(keys, null, write);
			return;
		}
		TransactionWrites writes = this.context.writes();
		List<String> written = List.copyOf(keys);
		writes.write(written, new TransactionWrites.Write(this.name, () -> this.flights.write(written, writes, write),
				() -> this.flights.write(written, null, () -> this.region.deleteAll(written))));
	}

	void deleteNow(Collection<String> keys) {
		this.flights.write(keys, null, () -> this.region.deleteAll(keys));
	}

	@Override
	public void reset() {
		this.context.checkOpen();
		if (!this.context.isDeferred()) {
			resetNow();
			return;
		}
		TransactionWrites writes = this.context.writes();
		writes.writeAll(new TransactionWrites.Write(this.name, () -> this.flights.writeAll(writes, this.region::clear),
				this::resetNow));
	}

	void resetNow() {
		this.flights.writeAll(null, this.region::clear);
	}

	@Override
	public @Nullable T wrap(String key, Callable<? extends @Nullable T> loader) {
		return wrapWithCondition(key, loader, true, (value) -> true, null);
	}

	@Override
	public @Nullable T wrap(String key, Callable<? extends @Nullable T> loader, Duration ttl) {
		CacheArguments.ttl(ttl);
		return wrapWithCondition(key, loader, true, (value) -> true, ttl);
	}

	@Override
	public @Nullable T wrapWithCondition(String key, Callable<? extends @Nullable T> loader, boolean useCache,
			Predicate<? super @Nullable T> isCacheable, @Nullable Duration ttl) {
		Assert.notNull(loader, "loader must not be null");
		Assert.notNull(isCacheable, "isCacheable must not be null");
		if (ttl != null) {
			CacheArguments.ttl(ttl);
		}
		try {
			if (!useCache) {
				CacheArguments.key(key);
				return CacheLoading.run(loader);
			}
			return load(key, loader, isCacheable, ttl);
		}
		catch (RuntimeException ex) {
			throw ex;
		}
		catch (Exception ex) {
			throw new CacheLoadException("The loader of key '%s' of cache '%s' failed".formatted(key, this.name), ex);
		}
	}

	@SuppressWarnings("unchecked")
	@Nullable T load(String key, Callable<? extends @Nullable T> loader, Predicate<? super @Nullable T> isCacheable,
			@Nullable Duration ttl) throws Exception {
		Cache.ValueWrapper hit = lookup(key);
		return (hit != null) ? (T) hit.get() : this.loading.load(key, loader, isCacheable, this.lifetime.of(ttl));
	}

}
