package com.nocobase.cluster.cache;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.springframework.util.Assert;

/**
 * The loads and writes of one cache that are under way, by key. It keeps what was loaded
 * from overwriting what was written meanwhile:
 * <ol>
 * <li>A write registers itself before it goes to the store; every load of its key that
 * has begun is stale from then on, and newcomers do not join it.</li>
 * <li>A load that begins while a write is registered is born stale: it may have read what
 * was there before.</li>
 * <li>A stale load gives its value to those who wait for it and stores nothing.</li>
 * </ol>
 * A key costs nothing here while nobody loads or writes it. Safe from any thread.
 *
 * @param <T> the type of the values
 */
final class Flights<T> {

	private final Map<String, Flight<T>> flights = new ConcurrentHashMap<>();

	private final AtomicInteger clearing = new AtomicInteger();

	/**
	 * Makes a load the one that others of its key wait for, unless there is one already
	 * that is not overdue.
	 * @param load the load
	 * @param now the monotonic time
	 * @return that load, or the one to wait for
	 */
	Load<T> share(Load<T> load, long now) {
		Flight<T> flight = this.flights.compute(load.key(), (key, current) -> {
			Flight<T> before = orNone(current);
			return (before.shared() == null || before.shared().isOverdue(now)) ? before.sharing(load) : before;
		});
		Load<T> shared = flight.shared();
		if (shared == load) {
			begun(load, flight);
		}
		return (shared != null) ? shared : load;
	}

	void begin(Load<T> load) {
		begun(load, this.flights.compute(load.key(), (key, current) -> orNone(current).beside(load)));
	}

	private void begun(Load<T> load, Flight<T> flight) {
		if (flight.writes() > 0 || this.clearing.get() > 0) {
			load.writtenBy(null);
		}
	}

	void end(Load<T> load) {
		this.flights.computeIfPresent(load.key(), (key, current) -> current.without(load));
	}

	/**
	 * Writes keys.
	 * @param keys the keys
	 * @param transaction the transaction that wrote them, or {@code null}
	 * @param write goes to the store
	 */
	void write(Collection<String> keys, @Nullable Object transaction, Runnable write) {
		keys.forEach((key) -> beginWrite(key, transaction));
		try {
			write.run();
		}
		finally {
			keys.forEach(this::endWrite);
		}
	}

	/**
	 * Writes a key without waiting for its end.
	 * @param key the key
	 * @param write sends it to the store
	 * @return its end
	 */
	CompletionStage<?> writeAsync(String key, Supplier<? extends CompletionStage<?>> write) {
		beginWrite(key, null);
		try {
			return write.get().whenComplete((written, ex) -> endWrite(key));
		}
		catch (RuntimeException | Error ex) {
			endWrite(key);
			throw ex;
		}
	}

	private void beginWrite(String key, @Nullable Object transaction) {
		this.flights.compute(key, (same, current) -> orNone(current).writeBegun())
			.loads()
			.forEach((load) -> load.writtenBy(transaction));
	}

	private void endWrite(String key) {
		this.flights.computeIfPresent(key, (same, current) -> current.writeEnded());
	}

	/**
	 * Writes all keys that there are.
	 * @param transaction the transaction that does, or {@code null}
	 * @param clear goes to the store
	 */
	void writeAll(@Nullable Object transaction, Runnable clear) {
		this.clearing.incrementAndGet();
		try {
			unshareAll(transaction);
			clear.run();
		}
		finally {
			unshareAll(transaction);
			this.clearing.decrementAndGet();
		}
	}

	private void unshareAll(@Nullable Object transaction) {
		this.flights.keySet().forEach((key) -> {
			Flight<T> flight = this.flights.computeIfPresent(key, (same, current) -> current.unshared());
			List<Load<T>> loads = orNone(flight).loads();
			loads.forEach((load) -> load.writtenBy(transaction));
		});
	}

	/**
	 * Refuses to load a key from within its own loader, which would wait for itself.
	 * @param cache name of the cache
	 * @param key the key
	 */
	void refuseRecursion(String cache, String key) {
		Flight<T> flight = this.flights.get(key);
		if (flight != null) {
			Thread current = Thread.currentThread();
			Assert.state(flight.loads().stream().noneMatch((load) -> load.isRunBy(current)),
					() -> "The loader of key '%s' of cache '%s' asks for its own key".formatted(key, cache));
		}
	}

	/**
	 * Returns how many loaders are still running though their time is up.
	 * @param now the monotonic time
	 * @return the number
	 */
	long hanging(long now) {
		return this.flights.values()
			.stream()
			.flatMap((flight) -> flight.loads().stream())
			.filter((load) -> load.isRunning() && load.isOverdue(now))
			.count();
	}

	private static <T> Flight<T> orNone(@Nullable Flight<T> flight) {
		return (flight != null) ? flight : Flight.none();
	}

}
