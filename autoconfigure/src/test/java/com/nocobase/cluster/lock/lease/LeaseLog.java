package com.nocobase.cluster.lock.lease;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import org.springframework.core.task.SimpleAsyncTaskExecutor;

import com.nocobase.cluster.lock.FencedLease;
import com.nocobase.cluster.lock.FencedLockManager;
import com.nocobase.cluster.lock.LockException;
import com.nocobase.cluster.lock.LockOptions;

/**
 * Threads that take leases in turns while something goes wrong, and what came of it.
 */
final class LeaseLog implements AutoCloseable {

	private static final Duration PAUSE = Duration.ofMillis(100);

	private final SimpleAsyncTaskExecutor executor = new SimpleAsyncTaskExecutor("lease-log-");

	private final List<Future<?>> workers = new CopyOnWriteArrayList<>();

	private final Map<String, AtomicInteger> inside = new ConcurrentHashMap<>();

	private final Map<String, AtomicLong> highest = new ConcurrentHashMap<>();

	private final Set<Long> tokens = ConcurrentHashMap.newKeySet();

	private final AtomicInteger grants = new AtomicInteger();

	private final AtomicInteger overlaps = new AtomicInteger();

	private final AtomicInteger stepsBack = new AtomicInteger();

	private final AtomicLong longest = new AtomicLong();

	private final List<Exception> failures = new CopyOnWriteArrayList<>();

	private volatile boolean ended;

	/**
	 * Starts a thread that asks for a lock again and again.
	 * @param locks the manager of its instance
	 * @param key the lock
	 * @param options ttl and wait
	 */
	void work(FencedLockManager locks, String key, LockOptions options) {
		this.workers.add(this.executor.submit(() -> {
			while (!this.ended) {
				turn(locks, key, options);
			}
		}));
	}

	private void turn(FencedLockManager locks, String key, LockOptions options) {
		long asked = System.nanoTime();
		try (FencedLease lease = locks.acquire(key, options)) {
			this.longest.accumulateAndGet(System.nanoTime() - asked, Math::max);
			AtomicInteger in = this.inside.computeIfAbsent(key, (each) -> new AtomicInteger());
			if (in.incrementAndGet() > 1) {
				this.overlaps.incrementAndGet();
			}
			this.grants.incrementAndGet();
			this.tokens.add(lease.token());
			AtomicLong last = this.highest.computeIfAbsent(key, (each) -> new AtomicLong());
			if (last.getAndSet(lease.token()) >= lease.token()) {
				this.stepsBack.incrementAndGet();
			}
			try {
				lease.extend(Objects.requireNonNull(options.ttl()));
			}
			finally {
				in.decrementAndGet();
			}
		}
		catch (LockException ex) {
			this.longest.accumulateAndGet(System.nanoTime() - asked, Math::max);
			this.failures.add(ex);
			pause();
		}
		catch (RuntimeException ex) {
			this.failures.add(ex);
			this.ended = true;
		}
	}

	private static void pause() {
		try {
			new CountDownLatch(1).await(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	int grants() {
		return this.grants.get();
	}

	/**
	 * Returns how many grants had the token of another one.
	 * @return the number
	 */
	int doubled() {
		return this.grants.get() - this.tokens.size();
	}

	int overlaps() {
		return this.overlaps.get();
	}

	/**
	 * Returns how many grants had a lower token than the one before.
	 * @return the number
	 */
	int stepsBack() {
		return this.stepsBack.get();
	}

	Duration longest() {
		return Duration.ofNanos(this.longest.get());
	}

	List<Exception> failures() {
		return this.failures;
	}

	/** Lets all threads end. */
	@Override
	public void close() {
		this.ended = true;
		for (Future<?> worker : this.workers) {
			try {
				worker.get(30, TimeUnit.SECONDS);
			}
			catch (Exception ex) {
				throw new IllegalStateException(ex);
			}
		}
	}

}
