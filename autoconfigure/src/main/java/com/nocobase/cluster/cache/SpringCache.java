package com.nocobase.cluster.cache;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.springframework.cache.Cache;
import org.springframework.cache.support.SimpleValueWrapper;
import org.springframework.util.Assert;

import com.nocobase.cluster.support.Nanos;

/**
 * One cache as Spring's annotations see it, with the same entries, loaders and
 * transactions as {@link ClusterCache}. A value that is loaded asynchronously keeps a
 * thread of ours until it is there, at most for the load timeout.
 */
final class SpringCache implements Cache {

	private final String name;

	private final NamedCaches caches;

	private final CacheKeys keys;

	private final CacheContext context;

	SpringCache(String name, NamedCaches caches, CacheKeys keys, CacheContext context) {
		this.name = name;
		this.caches = caches;
		this.keys = keys;
		this.context = context;
	}

	@Override
	public String getName() {
		return this.name;
	}

	@Override
	public ClusterCache<?> getNativeCache() {
		return target();
	}

	@SuppressWarnings("unchecked")
	private NamedCache<Object> target() {
		NamedCache<?> cache = this.caches.find(this.name);
		Assert.state(cache != null,
				() -> "The type of the values of cache '%s' is not known: call createCache first, ".formatted(this.name)
						+ "or let our CachingConfigurer read it from the annotated method");
		return (NamedCache<Object>) cache;
	}

	@Override
	public @Nullable ValueWrapper get(Object key) {
		return target().lookup(this.keys.textOf(key));
	}

	@Override
	@SuppressWarnings("unchecked")
	public <T> @Nullable T get(Object key, @Nullable Class<T> type) {
		Object value = target().get(this.keys.textOf(key));
		Assert.state(value == null || type == null || type.isInstance(value),
				() -> "Cache '%s' has values of another type than %s".formatted(this.name, type));
		return (T) value;
	}

	@Override
	@SuppressWarnings("unchecked")
	public <T> @Nullable T get(Object key, Callable<T> valueLoader) {
		NamedCache<Object> cache = target();
		String text = checked(key);
		try {
			return (T) cache.load(text, valueLoader, (value) -> true, null);
		}
		catch (Exception ex) {
			throw new ValueRetrievalException(key, valueLoader, ex);
		}
	}

	@Override
	public @Nullable CompletableFuture<?> retrieve(Object key) {
		ValueWrapper hit = get(key);
		return (hit != null) ? CompletableFuture.completedFuture(hit) : null;
	}

	@Override
	@SuppressWarnings("unchecked")
	public <T> CompletableFuture<T> retrieve(Object key, Supplier<CompletableFuture<T>> valueLoader) {
		ValueWrapper hit = get(key);
		if (hit != null) {
			return CompletableFuture.completedFuture((T) hit.get());
		}
		if (this.context.seesUncommitted()) {
			// Another thread could not know of this transaction's end.
			return valueLoader.get();
		}
		return CompletableFuture.supplyAsync(() -> await(key, valueLoader), this.context.runtime().executor());
	}

	private <T> @Nullable T await(Object key, Supplier<CompletableFuture<T>> valueLoader) {
		try {
			return get(key, () -> await(valueLoader.get(), target().loadTimeout()));
		}
		catch (ValueRetrievalException ex) {
			throw new CompletionException(ex.getCause());
		}
	}

	private <T> T await(CompletableFuture<T> future, Duration limit) throws Exception {
		try {
			return future.get(Nanos.of(limit), TimeUnit.NANOSECONDS);
		}
		catch (ExecutionException ex) {
			throw (ex.getCause() instanceof Exception cause) ? cause : ex;
		}
		catch (TimeoutException ex) {
			throw new CacheLoadException(
					"A loader of cache '%s' did not complete within %s".formatted(this.name, limit), ex);
		}
	}

	@Override
	public void put(Object key, @Nullable Object value) {
		target().set(this.keys.textOf(key), value);
	}

	@Override
	public @Nullable ValueWrapper putIfAbsent(Object key, @Nullable Object value) {
		AtomicBoolean absent = new AtomicBoolean();
		Object present = target().wrap(this.keys.textOf(key), () -> {
			absent.set(true);
			return value;
		});
		return absent.get() ? null : new SimpleValueWrapper(present);
	}

	@Override
	public void evict(Object key) {
		this.caches.evict(this.name, checked(key));
	}

	@Override
	public boolean evictIfPresent(Object key) {
		String text = checked(key);
		NamedCache<?> cache = this.caches.find(this.name);
		boolean present = cache != null && cache.isPresent(text);
		this.caches.evict(this.name, text);
		return present;
	}

	private String checked(Object key) {
		String text = this.keys.textOf(key);
		CacheArguments.key(text);
		return text;
	}

	@Override
	public void clear() {
		this.caches.clear(this.name);
	}

}
