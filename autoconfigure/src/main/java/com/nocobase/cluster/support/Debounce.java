package com.nocobase.cluster.support;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * Gathers items in a window and hands the distinct ones over when it closes.
 * <ol>
 * <li>The first item opens the window.</li>
 * <li>An item equal to an earlier one takes its place at the end.</li>
 * <li>The window closes when nothing has come for the quiet time, at the latest 5 times
 * that after it opened.</li>
 * </ol>
 * Safe from any thread. Windows are handed over one after the other.
 *
 * @param <T> the type of the items
 */
public final class Debounce<T> {

	private static final int LONGEST = 5;

	private static final Duration MAX_QUIET = Duration.ofDays(365);

	private final ClusterRuntime runtime;

	private final long quiet;

	private final int capacity;

	private final Consumer<List<T>> closed;

	private final Alarm alarm;

	/** Guards all fields below. */
	private final ReentrantLock lock = new ReentrantLock();

	private final Map<Object, T> items = new LinkedHashMap<>();

	private long openedAt;

	private long lastAt;

	/**
	 * Creates a closed window.
	 * @param runtime clock and scheduler
	 * @param quiet how long a window stays open without a new item
	 * @param capacity how many distinct items a window may hold
	 * @param closed gets the items of each window, on the scheduler's thread; must not
	 * block
	 */
	public Debounce(ClusterRuntime runtime, Duration quiet, int capacity, Consumer<List<T>> closed) {
		this.runtime = runtime;
		this.quiet = ((quiet.compareTo(MAX_QUIET) < 0) ? quiet : MAX_QUIET).toNanos();
		this.capacity = capacity;
		this.closed = closed;
		this.alarm = new Alarm(runtime, this::ring);
	}

	/**
	 * Adds an item.
	 * @param key what makes items equal
	 * @param item the item
	 * @return {@code false} if the window holds as many others as it may and the item was
	 * not taken
	 */
	public boolean offer(Object key, T item) {
		this.lock.lock();
		try {
			boolean opens = this.items.isEmpty();
			boolean known = this.items.remove(key) != null;
			if (!known && this.items.size() >= this.capacity) {
				return false;
			}
			this.items.put(key, item);
			this.lastAt = this.runtime.nanoTime();
			if (opens) {
				this.openedAt = this.lastAt;
			}
			this.alarm.by(closesAt());
			return true;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Returns how many items wait in the window.
	 * @return the number
	 */
	public int size() {
		this.lock.lock();
		try {
			return this.items.size();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Drops what waits in the window.
	 */
	public void clear() {
		this.alarm.cancel();
		this.lock.lock();
		try {
			this.items.clear();
		}
		finally {
			this.lock.unlock();
		}
	}

	private long closesAt() {
		long silent = this.lastAt + this.quiet;
		long latest = this.openedAt + LONGEST * this.quiet;
		return (silent - latest < 0) ? silent : latest;
	}

	private void ring() {
		List<T> window;
		this.lock.lock();
		try {
			if (this.items.isEmpty()) {
				return;
			}
			if (closesAt() - this.runtime.nanoTime() > 0) {
				this.alarm.by(closesAt());
				return;
			}
			window = List.copyOf(this.items.values());
			this.items.clear();
		}
		finally {
			this.lock.unlock();
		}
		this.closed.accept(window);
	}

}
