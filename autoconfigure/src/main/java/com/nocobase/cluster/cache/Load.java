package com.nocobase.cluster.cache;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;

/**
 * One call of a loader, with what others wait for. What it loaded is stored only as long
 * as nobody wrote the key since it began. Safe from any thread.
 *
 * @param <T> the type of the values
 */
final class Load<T> {

	private final String key;

	private volatile long deadline;

	private final @Nullable Object transaction;

	private final CompletableFuture<@Nullable T> result = new CompletableFuture<>();

	/** Guards the flag, so that a write never comes between its check and the fill. */
	private final ReentrantLock filling = new ReentrantLock();

	private boolean stale;

	private volatile boolean started;

	private volatile boolean givenUp;

	private volatile @Nullable Throwable failure;

	private volatile @Nullable Thread loader = Thread.currentThread();

	/**
	 * Creates a load that the calling thread is about to do.
	 * @param key the key
	 * @param deadline monotonic time from which others need not wait any more
	 * @param transaction the transaction whose own writes leave it valid, or {@code null}
	 */
	Load(String key, long deadline, @Nullable Object transaction) {
		this.key = key;
		this.deadline = deadline;
		this.transaction = transaction;
	}

	String key() {
		return this.key;
	}

	/**
	 * The loader runs from now on, perhaps after a wait for those of other instances.
	 * @param deadline monotonic time from which others need not wait any more
	 */
	void started(long deadline) {
		this.deadline = deadline;
		this.started = true;
	}

	boolean isOverdue(long now) {
		return this.deadline - now <= 0;
	}

	boolean isRunBy(Thread thread) {
		return this.loader == thread;
	}

	boolean isStarted() {
		return this.started;
	}

	boolean isRunning() {
		return this.started && this.loader != null;
	}

	void returned() {
		// The loader has come back; another load of the key is no recursion any more.
		this.loader = null;
	}

	void writtenBy(@Nullable Object transaction) {
		// Waits for a fill in progress, so that what the writer does next comes after it.
		if (transaction != null && transaction == this.transaction) {
			return;
		}
		this.filling.lock();
		try {
			this.stale = true;
		}
		finally {
			this.filling.unlock();
		}
	}

	void fill(Runnable store) {
		this.filling.lock();
		try {
			if (!this.stale) {
				store.run();
			}
		}
		finally {
			this.filling.unlock();
		}
	}

	void succeed(@Nullable T value) {
		this.result.complete(value);
	}

	void fail(Throwable failure) {
		this.failure = failure;
		this.result.complete(null);
	}

	/**
	 * Nobody has loaded, though nothing is wrong but for the thread that was to do it:
	 * those who wait go on without it.
	 */
	void giveUp() {
		this.givenUp = true;
		this.result.complete(null);
	}

	boolean isDoneInTime(long now) throws InterruptedException {
		try {
			this.result.get(Math.max(0, this.deadline - now), TimeUnit.NANOSECONDS);
			return !this.givenUp;
		}
		catch (TimeoutException ex) {
			return false;
		}
		catch (ExecutionException ex) {
			throw new IllegalStateException("A load is never completed exceptionally", ex);
		}
	}

	@Nullable T result() throws Exception {
		Throwable thrown = this.failure;
		if (thrown instanceof Exception exception) {
			throw exception;
		}
		if (thrown instanceof Error error) {
			throw error;
		}
		return this.result.getNow(null);
	}

}
