package com.nocobase.cluster.cache;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.util.Assert;

import com.nocobase.cluster.support.ClusterRuntime;
import com.nocobase.cluster.support.Incident;
import com.nocobase.cluster.support.Signals;
import com.nocobase.cluster.tx.Transactions;

/**
 * What all caches of one manager share: transactions, time, and whether the manager is
 * closed. Safe from any thread.
 */
final class CacheContext {

	private static final Log logger = LogFactory.getLog(CacheContext.class);

	private static final long RECENT = Duration.ofMinutes(1).toNanos();

	/** Writes that nobody waits for, of all caches. */
	static final int MOST_ASYNC = 1_000;

	private final Transactions transactions;

	private final ClusterRuntime runtime;

	private final Signals signals;

	private final AtomicBoolean closed = new AtomicBoolean();

	private final Incident unwritten;

	private final Semaphore asyncWrites = new Semaphore(MOST_ASYNC);

	private volatile @Nullable Long lostAt;

	CacheContext(Transactions transactions, ClusterRuntime runtime, Signals signals) {
		this.transactions = transactions;
		this.runtime = runtime;
		this.signals = signals;
		this.unwritten = new Incident(logger, runtime, signals, "cache.unwritten");
	}

	ClusterRuntime runtime() {
		return this.runtime;
	}

	void checkOpen() {
		Assert.state(!this.closed.get(), "The caches are closed");
	}

	boolean close() {
		return this.closed.compareAndSet(false, true);
	}

	boolean isDeferred() {
		return this.transactions.isActive();
	}

	boolean seesUncommitted() {
		// What a read-write transaction reads from the database may never be committed.
		return this.transactions.isActive() && !this.transactions.isReadOnly();
	}

	TransactionWrites writes() {
		return this.transactions.join(this, () -> new TransactionWrites(this));
	}

	boolean isDirty(String cache, String key) {
		return this.transactions.isActive() && this.transactions.find(this) instanceof TransactionWrites writes
				&& writes.isDirty(cache, key);
	}

	boolean beginAsync() {
		return this.asyncWrites.tryAcquire();
	}

	void endAsync(String cache, @Nullable Throwable failure) {
		this.asyncWrites.release();
		if (failure != null) {
			this.lostAt = this.runtime.nanoTime();
			this.unwritten.warn(cache, "Cache '%s' could not store a value that nobody waited for".formatted(cache),
					failure);
		}
	}

	void writeLost(String cache) {
		this.lostAt = this.runtime.nanoTime();
		this.signals.count("cache.unwritten", cache);
	}

	boolean hasLostRecently() {
		Long lost = this.lostAt;
		return lost != null && this.runtime.nanoTime() - lost < RECENT;
	}

}
