package com.nocobase.cluster.cache;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.springframework.cache.Cache;

import com.nocobase.cluster.support.Nanos;

/**
 * Loads what is missing in one cache.
 * <ol>
 * <li>The first caller of a missing key runs its loader, the others wait for its
 * value.</li>
 * <li>In a cluster-wide cache that caller first takes the turn that one instance at a
 * time has. Who had to wait for it looks for the value again.</li>
 * <li>A loader that is not done in time is passed over: one of those who wait loads in
 * its place, the others wait for that one. Who has waited for two gives up.</li>
 * <li>What a read-write transaction loads may never be committed: it loads for itself,
 * and stores after its commit.</li>
 * </ol>
 *
 * @param <T> the type of the values
 */
final class CacheLoading<T> {

	private static final int PATIENCE = 2;

	private final CacheSettings settings;

	private final CacheRegion<T> region;

	private final LoadTurns turns;

	private final CacheValues<T> values;

	private final Flights<T> flights;

	private final CacheContext context;

	private final Duration loadTimeout;

	private final long timeout;

	CacheLoading(CacheSettings settings, CacheRegion<T> region, LoadTurns turns, CacheValues<T> values,
			Flights<T> flights, CacheContext context, Duration timeout) {
		this.settings = settings;
		this.region = region;
		this.turns = turns;
		this.values = values;
		this.flights = flights;
		this.context = context;
		this.loadTimeout = timeout;
		this.timeout = Nanos.of(timeout);
	}

	/**
	 * Loads a key that was not found, or is read past the cache.
	 * @param key the key
	 * @param loader loads it
	 * @param isCacheable whether to store what was loaded
	 * @param ttl how long it lives
	 * @return the value
	 * @throws Exception what the loader threw
	 */
	@Nullable T load(String key, Callable<? extends @Nullable T> loader, Predicate<? super @Nullable T> isCacheable,
			Supplier<@Nullable Duration> ttl) throws Exception {
		this.flights.refuseRecursion(this.settings.name(), key);
		if (this.context.seesUncommitted() || this.context.isDirty(this.settings.name(), key)) {
			return loadAlone(key, loader, isCacheable, ttl);
		}
		for (int waits = 0; waits < PATIENCE; waits++) {
			long now = this.context.runtime().nanoTime();
			Load<T> mine = new Load<>(key, now + this.timeout, null);
			Load<T> load = this.flights.share(mine, now);
			if (load == mine) {
				return lead(mine, loader, isCacheable, ttl);
			}
			if (isDone(load, now)) {
				return ownCopy(load.result());
			}
		}
		throw notInTime(key);
	}

	private boolean isDone(Load<T> load, long now) {
		try {
			return load.isDoneInTime(now);
		}
		catch (InterruptedException ex) {
			throw interrupted(load.key(), ex);
		}
	}

	private LoadTurns.@Nullable Turn takeTurn(String key) {
		try {
			return this.turns.take(key, this.loadTimeout);
		}
		catch (InterruptedException ex) {
			throw interrupted(key, ex);
		}
	}

	private CacheLoadException interrupted(String key, InterruptedException cause) {
		Thread.currentThread().interrupt();
		return new CacheLoadException(
				"Interrupted while others loaded key '%s' of cache '%s'".formatted(key, this.settings.name()), cause);
	}

	private CacheLoadException notInTime(String key) {
		return new CacheLoadException("Key '%s' of cache '%s' was not loaded in time by others; see its load-timeout"
			.formatted(key, this.settings.name()), null);
	}

	private @Nullable T lead(Load<T> load, Callable<? extends @Nullable T> loader,
			Predicate<? super @Nullable T> isCacheable, Supplier<@Nullable Duration> ttl) throws Exception {
		T value;
		try {
			value = findOrLoad(load, loader, isCacheable, ttl);
		}
		catch (Throwable ex) {
			load.returned();
			this.flights.end(load);
			if (!load.isStarted() && ex.getCause() instanceof InterruptedException) {
				load.giveUp();
			}
			else {
				load.fail(ex);
			}
			throw ex;
		}
		this.flights.end(load);
		load.succeed(value);
		return ownCopy(value);
	}

	private @Nullable T findOrLoad(Load<T> load, Callable<? extends @Nullable T> loader,
			Predicate<? super @Nullable T> isCacheable, Supplier<@Nullable Duration> ttl) throws Exception {
		String key = load.key();
		long begun = this.context.runtime().nanoTime();
		do {
			try (LoadTurns.Turn turn = takeTurn(key)) {
				long version = this.region.version(key);
				// The load before may have stored it since we looked.
				Cache.ValueWrapper hit = this.region.get(key);
				if (hit != null) {
					return value(hit);
				}
				if (turn != null) {
					T value = call(load, loader);
					if (isCacheable.test(value)) {
						store(load, value, ttl, version);
					}
					return value;
				}
			}
		}
		while (this.context.runtime().nanoTime() - begun < PATIENCE * this.timeout);
		throw notInTime(key);
	}

	private @Nullable T loadAlone(String key, Callable<? extends @Nullable T> loader,
			Predicate<? super @Nullable T> isCacheable, Supplier<@Nullable Duration> ttl) throws Exception {
		TransactionWrites writes = this.context.writes();
		Load<T> load = new Load<>(key, this.context.runtime().nanoTime() + this.timeout, writes);
		this.flights.begin(load);
		boolean later = false;
		try {
			long version = this.region.version(key);
			T value = call(load, loader);
			if (isCacheable.test(value)) {
				writes.fill(new TransactionWrites.Fill(this.settings.name(), () -> store(load, value, ttl, version),
						() -> this.flights.end(load)));
				later = true;
			}
			return ownCopy(value);
		}
		finally {
			load.returned();
			if (!later) {
				this.flights.end(load);
			}
		}
	}

	private @Nullable T call(Load<T> load, Callable<? extends @Nullable T> loader) throws Exception {
		load.started(this.context.runtime().nanoTime() + this.timeout);
		// A miss gives what a hit would give, on every store.
		T value = run(loader);
		load.returned();
		return this.values.copy(value);
	}

	static <V> @Nullable V run(Callable<? extends @Nullable V> loader) throws Exception {
		// Who waits for the value was not interrupted, the calling thread was.
		try {
			return loader.call();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw ex;
		}
	}

	private @Nullable T ownCopy(@Nullable T value) {
		return this.settings.copyOnRead() ? this.values.copy(value) : value;
	}

	@SuppressWarnings("unchecked")
	private @Nullable T value(Cache.ValueWrapper hit) {
		return (T) hit.get();
	}

	private void store(Load<T> load, @Nullable T value, Supplier<@Nullable Duration> ttl, long version) {
		load.fill(() -> this.region.fill(load.key(), value, ttl.get(), version));
	}

}
