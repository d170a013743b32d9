package com.nocobase.cluster.cache.redis;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;

import com.nocobase.cluster.cache.CacheStore;
import com.nocobase.cluster.cache.ClusterCache;
import com.nocobase.cluster.cache.redis.CacheEvent.Kind;

/**
 * What one instance does: threads that read at random, some of whose loaders take their
 * time, and one that changes rows. It commits to the database first; then it removes the
 * entry, or sets it if the row is its own, so that entries are set in the order of the
 * commits. One more thread looks whether the store is reachable.
 */
final class CacheWorkload {

	private static final int READERS = 8;

	private static final int READ_PAUSE_MICROS = 6_000;

	private static final int CHANGE_PAUSE_MICROS = 25_000;

	private static final int SLOW_LOAD_MICROS = 400_000;

	/** Later than the end of any run. */
	private static final long OPEN = Long.MAX_VALUE / 4;

	private final int process;

	private final ClusterCache<Long> owned;

	private final ClusterCache<Long> shared;

	private final CacheStore store;

	private final CacheTruth truth;

	private final CacheRows rows;

	private final long seed;

	private volatile boolean over;

	CacheWorkload(int process, ClusterCache<Long> owned, ClusterCache<Long> shared, CacheStore store, CacheTruth truth,
			long seed) {
		this.process = process;
		this.owned = owned;
		this.shared = shared;
		this.store = store;
		this.truth = truth;
		this.rows = new CacheRows(seed);
		this.seed = seed * CacheRows.PROCESSES + process;
	}

	/**
	 * Works.
	 * @param millis how long
	 * @return what happened
	 * @throws Exception if a call failed, which none may
	 */
	List<CacheEvent> run(long millis) throws Exception {
		List<Callable<List<CacheEvent>>> tasks = IntStream.range(0, READERS)
			.<Callable<List<CacheEvent>>>mapToObj((i) -> () -> readAll(new Random(this.seed + 31L * i)))
			.collect(Collectors.toCollection(ArrayList::new));
		tasks.add(() -> changeAll(new Random(this.seed + 17)));
		tasks.add(this::watch);
		ExecutorService threads = Executors.newFixedThreadPool(tasks.size());
		List<Future<List<CacheEvent>>> running = tasks.stream().map(threads::submit).toList();
		threads.shutdown();
		// Earlier only if all of them have failed.
		threads.awaitTermination(millis, TimeUnit.MILLISECONDS);
		this.over = true;
		List<CacheEvent> events = new ArrayList<>();
		for (Future<List<CacheEvent>> each : running) {
			events.addAll(each.get(30, TimeUnit.SECONDS));
		}
		return events;
	}

	private List<CacheEvent> watch() {
		List<CacheEvent> events = new ArrayList<>();
		long reachedAt = System.nanoTime();
		boolean away = false;
		while (!this.over) {
			long now = System.nanoTime();
			boolean reachable = this.store.isReachable();
			if (reachable && away) {
				events.add(CacheEvent.away(this.process, reachedAt, System.nanoTime()));
			}
			reachedAt = reachable ? now : reachedAt;
			away = !reachable;
			LockSupport.parkNanos(1_000_000);
		}
		if (away) {
			events.add(CacheEvent.away(this.process, reachedAt, OPEN));
		}
		return events;
	}

	private List<CacheEvent> readAll(Random random) {
		List<CacheEvent> events = new ArrayList<>();
		while (!this.over) {
			read(this.rows.any(random), random, events);
			pause(random, READ_PAUSE_MICROS);
		}
		return events;
	}

	private void read(int row, Random random, List<CacheEvent> events) {
		int how = random.nextInt(10);
		if (CacheRows.isOwned(row) && (!CacheRows.isOwnedBy(this.process, row) || how == 0)) {
			long begin = System.nanoTime();
			add(Kind.READ, row, this.owned.get(key(row)), begin, true, events);
		}
		else if (how < 2) {
			List<Integer> several = IntStream.range(0, 3).mapToObj((i) -> row(random)).distinct().toList();
			long begin = System.nanoTime();
			this.shared.mget(several.stream().map(CacheWorkload::key).toList())
				.forEach((key, value) -> add(Kind.READ, Integer.parseInt(key), value, begin, true, events));
		}
		else {
			load(row, random, events);
		}
	}

	private int row(Random random) {
		int row = this.rows.any(random);
		while (CacheRows.isOwned(row)) {
			row = this.rows.any(random);
		}
		return row;
	}

	private void load(int row, Random random, List<CacheEvent> events) {
		Long[] loaded = new Long[1];
		boolean reached = this.store.isReachable();
		long begin = System.nanoTime();
		Long value = cache(row).wrap(key(row), () -> {
			loaded[0] = this.truth.read(row);
			pause(random, (random.nextInt(8) == 0) ? SLOW_LOAD_MICROS : READ_PAUSE_MICROS);
			return loaded[0];
		});
		add(Kind.READ, row, value, begin, true, events);
		add(Kind.LOAD, row, loaded[0], begin, reached, events);
	}

	private List<CacheEvent> changeAll(Random random) {
		List<CacheEvent> events = new ArrayList<>();
		while (!this.over) {
			change(this.rows.anyToChange(random, this.process), random, events);
			pause(random, CHANGE_PAUSE_MICROS);
		}
		return events;
	}

	private void change(int row, Random random, List<CacheEvent> events) {
		boolean reached = this.store.isReachable();
		long begin = System.nanoTime();
		long version = this.truth.commit(row);
		if (CacheRows.isOwned(row) && random.nextBoolean()) {
			this.owned.set(key(row), version);
		}
		else {
			cache(row).del(key(row));
		}
		add(Kind.CHANGE, row, version, begin, reached, events);
	}

	private void add(Kind kind, int row, @Nullable Long version, long begin, boolean reached, List<CacheEvent> events) {
		if (version != null) {
			long end = System.nanoTime();
			events
				.add(new CacheEvent(kind, this.process, row, version, begin, end, reached && this.store.isReachable()));
		}
	}

	private ClusterCache<Long> cache(int row) {
		return CacheRows.isOwned(row) ? this.owned : this.shared;
	}

	private static String key(int row) {
		return Integer.toString(row);
	}

	private static void pause(Random random, int micros) {
		LockSupport.parkNanos(1_000L * random.nextInt(micros));
	}

}
