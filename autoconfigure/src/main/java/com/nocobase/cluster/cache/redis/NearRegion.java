package com.nocobase.cluster.cache.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.springframework.cache.Cache.ValueWrapper;

import com.nocobase.cluster.cache.CacheRegion;
import com.nocobase.cluster.cache.redis.RemoteRegion.Timed;
import com.nocobase.cluster.support.ClusterRuntime;

/**
 * Copies of values in front of a region at the server. What was loaded before a change is
 * not stored at the server either; if it was stored just after the change, it is removed.
 * Objects are not copied: a field is read at the server.
 *
 * @param <T> the type of the values
 * @see NearState
 */
final class NearRegion<T> implements CacheRegion<T> {

	private final RemoteRegion<T> remote;

	private final NearState state;

	private final NearCopies<T> values;

	private final ClusterRuntime runtime;

	NearRegion(RemoteRegion<T> remote, NearState state, NearCopies<T> values, ClusterRuntime runtime) {
		this.remote = remote;
		this.state = state;
		this.values = values;
		this.runtime = runtime;
	}

	@Override
	public @Nullable ValueWrapper get(String key) {
		long now = this.runtime.nanoTime();
		if (!this.state.isCurrent(now)) {
			return this.remote.get(key);
		}
		NearCopy copy = this.state.get(key, now);
		if (copy != null) {
			return this.values.value(copy);
		}
		long drops = this.state.drops();
		long version = this.state.version(key);
		Timed<T> read = this.remote.getTimed(key);
		return (read != null) ? this.values.value(keep(key, read, version, drops, now)) : null;
	}

	@Override
	@SuppressWarnings("unchecked")
	public Map<String, @Nullable T> getAll(Collection<String> keys) {
		long now = this.runtime.nanoTime();
		if (!this.state.isCurrent(now)) {
			return this.remote.getAll(keys);
		}
		Map<String, @Nullable T> hits = new LinkedHashMap<>(keys.size() * 2);
		List<String> missing = new ArrayList<>();
		long drops = this.state.drops();
		for (String key : keys) {
			NearCopy copy = this.state.get(key, now);
			if (copy != null) {
				hits.put(key, (T) this.values.value(copy).get());
			}
			else {
				missing.add(key);
			}
		}
		if (!missing.isEmpty()) {
			addMissing(missing, drops, now, hits);
		}
		return hits;
	}

	@SuppressWarnings("unchecked")
	private void addMissing(List<String> missing, long drops, long askedAt, Map<String, @Nullable T> hits) {
		long[] versions = missing.stream().mapToLong(this.state::version).toArray();
		Map<String, Timed<T>> read = this.remote.getAllTimed(missing);
		for (int i = 0; i < versions.length; i++) {
			String key = missing.get(i);
			Timed<T> each = read.get(key);
			if (each != null) {
				hits.put(key, (T) this.values.value(keep(key, each, versions[i], drops, askedAt)).get());
			}
		}
	}

	private NearCopy keep(String key, Timed<T> read, long version, long drops, long askedAt) {
		NearCopy copy = this.values.copy(read, askedAt, drops);
		this.state.keep(key, copy, version);
		return copy;
	}

	@Override
	public long version(String key) {
		return this.state.heardVersion(key);
	}

	@Override
	public boolean contains(String key) {
		long now = this.runtime.nanoTime();
		return (this.state.isCurrent(now) && this.state.get(key, now) != null) || this.remote.contains(key);
	}

	@Override
	public Set<String> keys(String pattern) {
		return this.remote.keys(pattern);
	}

	@Override
	public Optional<Duration> ttl(String key) {
		return this.remote.ttl(key);
	}

	@Override
	public byte @Nullable [] getField(String key, String field) {
		return this.remote.getField(key, field);
	}

	@Override
	public void fill(String key, @Nullable T value, @Nullable Duration ttl, long version) {
		if (version == NearState.UNKNOWN || version(key) != version) {
			return;
		}
		byte[] text = this.remote.fillIfAbsent(key, value, ttl);
		if (text != null) {
			this.state.fills().stored(key, text);
			if (version(key) != version) {
				// The news came before it was noted.
				this.state.fills().heard(key);
			}
		}
	}

	@Override
	public void putAll(Map<String, ? extends @Nullable T> values, Supplier<@Nullable Duration> ttl) {
		change(values.keySet(), () -> this.remote.putAll(values, ttl));
	}

	@Override
	public void deleteAll(Collection<String> keys) {
		change(keys, () -> this.remote.deleteAll(keys));
	}

	@Override
	public void putField(String key, String field, byte[] json, @Nullable Duration ttl) {
		change(List.of(key), () -> this.remote.putField(key, field, json, ttl));
	}

	@Override
	public void deleteField(String key, String field) {
		change(List.of(key), () -> this.remote.deleteField(key, field));
	}

	@Override
	public CompletionStage<?> putAsync(String key, @Nullable T value, @Nullable Duration ttl) {
		this.state.changed(key);
		try {
			return this.remote.putAsync(key, value, ttl).whenComplete((stored, ex) -> this.state.changed(key));
		}
		finally {
			// What is read from now on is asked for behind the change.
			this.state.changed(key);
		}
	}

	private void change(Collection<String> keys, Runnable change) {
		// Before, as others may read the new value already; after, as we may have read
		// the old one meanwhile.
		keys.forEach(this.state::changed);
		try {
			change.run();
		}
		finally {
			keys.forEach(this.state::changed);
		}
	}

	@Override
	public void clear() {
		this.state.changed(null);
		try {
			this.remote.clear();
		}
		finally {
			this.state.changed(null);
		}
	}

}
