package com.nocobase.cluster.lock.local;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

import org.jspecify.annotations.Nullable;

import com.nocobase.cluster.memory.MemoryPart;
import com.nocobase.cluster.message.Instance;
import com.nocobase.cluster.support.ClusterRuntime;

/**
 * The locks of all contexts of one broker, by application and key. A key that nobody has
 * or waits for is forgotten; one that ran out without being given back when the table has
 * doubled since it was last swept.
 */
final class LocalLockTable implements MemoryPart {

	private static final long SWEPT_FROM = 64;

	private final ClusterRuntime runtime;

	private final Map<LocalKey, LocalLock> locks = new ConcurrentHashMap<>();

	private final Map<Instance, LocalSession> sessions = new ConcurrentHashMap<>();

	private final AtomicLong lastToken = new AtomicLong();

	private volatile long sweepAt = SWEPT_FROM;

	/**
	 * Creates an empty table.
	 * @param runtime the clocks of the first context
	 */
	LocalLockTable(ClusterRuntime runtime) {
		this.runtime = runtime;
	}

	LocalSession session(Instance instance) {
		return this.sessions.computeIfAbsent(instance, (key) -> new LocalSession());
	}

	void ask(LocalKey key, LocalWaiter waiter, long ttl) {
		this.locks.compute(key, (same, known) -> {
			LocalLock lock = (known != null) ? known : new LocalLock();
			lock.ask(waiter, now(), ttl, this::nextToken);
			return lock;
		});
		if (this.locks.size() > this.sweepAt) {
			this.locks.keySet().forEach((other) -> this.locks.computeIfPresent(other, (same, lock) -> kept(lock)));
			this.sweepAt = Math.max(SWEPT_FROM, 2L * this.locks.size());
		}
	}

	void leave(LocalKey key, LocalWaiter waiter) {
		this.locks.computeIfPresent(key, (same, lock) -> {
			lock.leave(waiter);
			return kept(lock);
		});
	}

	boolean renew(LocalKey key, String owner, long ttl) {
		AtomicBoolean renewed = new AtomicBoolean();
		this.locks.computeIfPresent(key, (same, lock) -> {
			renewed.set(lock.renew(owner, now(), ttl));
			return kept(lock);
		});
		return renewed.get();
	}

	void release(LocalKey key, String owner, long keep) {
		this.locks.computeIfPresent(key, (same, lock) -> {
			long now = now();
			lock.release(owner, now, keep);
			return lock.isUnused(now) ? null : lock;
		});
	}

	@Override
	public void crashed(Instance instance) {
		LocalSession session = this.sessions.remove(instance);
		if (session != null) {
			session.crash();
			this.locks.keySet().forEach((key) -> this.locks.computeIfPresent(key, (same, lock) -> {
				lock.drop(session);
				return kept(lock);
			}));
		}
	}

	int size() {
		return this.locks.size();
	}

	private @Nullable LocalLock kept(LocalLock lock) {
		return lock.isUnused(now()) ? null : lock;
	}

	private long nextToken() {
		long now = TimeUnit.MILLISECONDS.toMicros(this.runtime.clock().millis());
		// Rises even if the clock steps back.
		return this.lastToken.updateAndGet((last) -> Math.max(now, last + 1));
	}

	private long now() {
		return this.runtime.nanoTime();
	}

}
