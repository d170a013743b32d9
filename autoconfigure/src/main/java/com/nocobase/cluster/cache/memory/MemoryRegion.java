package com.nocobase.cluster.cache.memory;

import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import com.github.benmanes.caffeine.cache.Cache;
import org.jspecify.annotations.Nullable;
import org.springframework.cache.Cache.ValueWrapper;

import com.nocobase.cluster.cache.CacheRegion;
import com.nocobase.cluster.support.Glob;

/**
 * The entries of one cache.
 *
 * @param <T> the type of the values
 */
final class MemoryRegion<T> implements CacheRegion<T> {

	private final String name;

	private final MemoryEntries<T> values;

	private final Cache<String, MemoryEntry> entries;

	MemoryRegion(String name, MemoryEntries<T> values, Cache<String, MemoryEntry> entries) {
		this.name = name;
		this.values = values;
		this.entries = entries;
	}

	@Override
	public @Nullable ValueWrapper get(String key) {
		MemoryEntry entry = this.entries.getIfPresent(key);
		if (entry instanceof MemoryEntry.Shared shared) {
			return shared;
		}
		return (entry != null) ? value(key, entry) : null;
	}

	private ValueWrapper value(String key, MemoryEntry entry) {
		ValueWrapper value = this.values.value(entry);
		if (value == null) {
			throw new IllegalStateException("Key '%s' of cache '%s' is an object".formatted(key, this.name));
		}
		return value;
	}

	@Override
	public boolean contains(String key) {
		return this.entries.getIfPresent(key) != null;
	}

	@Override
	@SuppressWarnings("unchecked")
	public Map<String, @Nullable T> getAll(Collection<String> keys) {
		Map<String, @Nullable T> hits = new LinkedHashMap<>();
		this.entries.getAllPresent(keys).forEach((key, entry) -> {
			ValueWrapper value = this.values.value(entry);
			if (value != null) {
				hits.put(key, (T) value.get());
			}
		});
		return hits;
	}

	@Override
	public void putAll(Map<String, ? extends @Nullable T> values, Supplier<@Nullable Duration> ttl) {
		Map<String, MemoryEntry> stored = new LinkedHashMap<>();
		values.forEach((key, value) -> stored.put(key, this.values.entry(value, ttl.get())));
		this.entries.putAll(stored);
	}

	@Override
	public void deleteAll(Collection<String> keys) {
		this.entries.invalidateAll(keys);
	}

	@Override
	public Set<String> keys(String pattern) {
		Glob glob = new Glob(pattern);
		return this.entries.asMap().keySet().stream().filter(glob::matches).collect(Collectors.toUnmodifiableSet());
	}

	@Override
	public Optional<Duration> ttl(String key) {
		return this.entries.policy()
			.expireVariably()
			.flatMap((expiry) -> expiry.getExpiresAfter(key))
			.filter((left) -> left.toNanos() <= MemoryExpiry.NEVER / 2);
	}

	@Override
	public void clear() {
		this.entries.invalidateAll();
	}

	@Override
	public byte @Nullable [] getField(String key, String field) {
		MemoryEntry entry = this.entries.getIfPresent(key);
		return (entry != null) ? fields(key, entry).get(field) : null;
	}

	@Override
	public void putField(String key, String field, byte[] json, @Nullable Duration ttl) {
		this.entries.asMap().compute(key, (same, entry) -> {
			MemoryEntry kept = (entry != null) ? entry : MemoryEntry.Fields.livingFor(MemoryExpiry.nanos(ttl));
			fields(key, kept).put(field, json);
			return kept;
		});
	}

	@Override
	public void deleteField(String key, String field) {
		this.entries.asMap().computeIfPresent(key, (same, entry) -> {
			Map<String, byte[]> fields = fields(key, entry);
			fields.remove(field);
			return fields.isEmpty() ? null : entry;
		});
	}

	private Map<String, byte[]> fields(String key, MemoryEntry entry) {
		if (entry instanceof MemoryEntry.Fields object) {
			return object.fields();
		}
		throw new IllegalStateException("Key '%s' of cache '%s' is a value, not an object".formatted(key, this.name));
	}

}
