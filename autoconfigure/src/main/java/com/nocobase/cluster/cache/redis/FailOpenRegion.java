package com.nocobase.cluster.cache.redis;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;
import org.springframework.cache.Cache.ValueWrapper;

/**
 * A region that goes on while its server is away: reads find nothing, so that values are
 * loaded, and changes are remembered. An entry whose change was not confirmed is not read
 * before the server has removed it.
 *
 * @param <T> the type of the values
 */
final class FailOpenRegion<T> implements RemoteRegion<T> {

	private final RemoteRegion<T> region;

	private final RedisCircuit circuit;

	private final Unconfirmed unconfirmed;

	private final String cache;

	FailOpenRegion(String cache, RemoteRegion<T> region, RedisCircuit circuit, Unconfirmed unconfirmed) {
		this.cache = cache;
		this.region = region;
		this.circuit = circuit;
		this.unconfirmed = unconfirmed;
	}

	@Override
	public @Nullable ValueWrapper get(String key) {
		return this.<@Nullable ValueWrapper>read(key, () -> this.region.get(key), null);
	}

	@Override
	public @Nullable Timed<T> getTimed(String key) {
		return this.<@Nullable Timed<T>>read(key, () -> this.region.getTimed(key), null);
	}

	@Override
	public Map<String, Timed<T>> getAllTimed(Collection<String> keys) {
		return known(keys, this.region::getAllTimed);
	}

	@Override
	public boolean contains(String key) {
		return read(key, () -> this.region.contains(key), false);
	}

	@Override
	public Map<String, @Nullable T> getAll(Collection<String> keys) {
		return this.<@Nullable T>known(keys, this.region::getAll);
	}

	private <V extends @Nullable Object> Map<String, V> known(Collection<String> keys,
			Function<Collection<String>, Map<String, V>> call) {
		List<String> known = keys.stream().filter((key) -> !this.unconfirmed.contains(key)).toList();
		Map<String, V> none = Map.of();
		if (known.isEmpty()) {
			return none;
		}
		return this.<Map<String, V>>read(known, () -> call.apply(known), none);
	}

	@Override
	public Set<String> keys(String pattern) {
		Set<String> keys = read(Set.of(), () -> this.region.keys(pattern), Set.of());
		return keys.stream().filter((key) -> !this.unconfirmed.contains(key)).collect(Collectors.toUnmodifiableSet());
	}

	@Override
	public Optional<Duration> ttl(String key) {
		return read(key, () -> this.region.ttl(key), Optional.empty());
	}

	@Override
	public byte @Nullable [] getField(String key, String field) {
		return this.<byte @Nullable []>read(key, () -> this.region.getField(key, field), null);
	}

	private <R extends @Nullable Object> R read(String key, Supplier<R> call, R otherwise) {
		return this.unconfirmed.contains(key) ? otherwise : read(List.of(key), call, otherwise);
	}

	private <R extends @Nullable Object> R read(Collection<String> keys, Supplier<R> call, R otherwise) {
		if (this.circuit.isOpen()) {
			return otherwise;
		}
		try {
			return call.get();
		}
		catch (UnreachableException ex) {
			this.circuit.failed(this.cache, probe(keys), ex);
			return otherwise;
		}
	}

	private @Nullable Runnable probe(Collection<String> keys) {
		return keys.isEmpty() ? null : () -> this.region.contains(keys.iterator().next());
	}

	@Override
	public byte @Nullable [] fillIfAbsent(String key, @Nullable T value, @Nullable Duration ttl) {
		// One that is not sent, or refused, is missed by nobody.
		if (this.circuit.isOpen() || this.unconfirmed.contains(key)) {
			return null;
		}
		try {
			return this.region.fillIfAbsent(key, value, ttl);
		}
		catch (UnreachableException ex) {
			this.circuit.failed(this.cache, probe(List.of(key)), ex);
			if (!ex.isRefused()) {
				// It may still arrive, after a change of others.
				notConfirmed(List.of(key));
			}
			return null;
		}
	}

	@Override
	public void deleteIfSame(Map<String, byte[]> texts) {
		if (!change(texts.keySet(), () -> this.region.deleteIfSame(texts))) {
			notConfirmed(texts.keySet());
		}
	}

	@Override
	public void putAll(Map<String, ? extends @Nullable T> values, Supplier<@Nullable Duration> ttl) {
		write(values.keySet(), () -> this.region.putAll(values, ttl));
	}

	@Override
	public void deleteAll(Collection<String> keys) {
		write(keys, () -> this.region.deleteAll(keys));
	}

	@Override
	public CompletionStage<?> putAsync(String key, @Nullable T value, @Nullable Duration ttl) {
		if (this.circuit.isOpen()) {
			notConfirmed(List.of(key));
			return CompletableFuture.completedStage(null);
		}
		long last = this.unconfirmed.last();
		try {
			return this.region.putAsync(key, value, ttl).handle((stored, ex) -> {
				if (ex == null) {
					this.unconfirmed.confirmed(List.of(key), last);
				}
				else {
					lost(key, (ex instanceof CompletionException) ? ex.getCause() : ex);
				}
				return stored;
			});
		}
		catch (UnreachableException ex) {
			lost(key, ex);
			return CompletableFuture.completedStage(null);
		}
	}

	private void lost(String key, @Nullable Throwable cause) {
		notConfirmed(List.of(key));
		if (cause instanceof UnreachableException failure) {
			this.circuit.failed(this.cache, probe(List.of(key)), failure);
		}
	}

	private void write(Collection<String> keys, Runnable change) {
		long last = this.unconfirmed.last();
		if (change(keys, change)) {
			this.unconfirmed.confirmed(keys, last);
		}
		else {
			notConfirmed(keys);
		}
	}

	private void notConfirmed(Collection<String> keys) {
		this.unconfirmed.add(keys);
		this.circuit.makeUpFor(this.unconfirmed);
	}

	@Override
	public void putField(String key, String field, byte[] json, @Nullable Duration ttl) {
		writeField(key, () -> this.region.putField(key, field, json, ttl));
	}

	@Override
	public void deleteField(String key, String field) {
		writeField(key, () -> this.region.deleteField(key, field));
	}

	private void writeField(String key, Runnable change) {
		// Other fields of the object may still be old.
		if (this.unconfirmed.contains(key) || !change(List.of(key), change)) {
			notConfirmed(List.of(key));
		}
	}

	@Override
	public void clear() {
		if (!change(Set.of(), this.region::clear)) {
			this.unconfirmed.addAll();
			this.circuit.makeUpFor(this.unconfirmed);
		}
	}

	private boolean change(Collection<String> keys, Runnable change) {
		return read(keys, () -> {
			change.run();
			return true;
		}, false);
	}

}
