package com.nocobase.cluster.cache.redis;

import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;

import com.github.benmanes.caffeine.cache.Cache;
import org.jspecify.annotations.Nullable;

import com.nocobase.cluster.support.ClusterRuntime;

/**
 * The copies of one cache, and how often its keys have changed. Safe from any thread.
 * <ol>
 * <li>A copy is served only while news of changes are heard. So it is never older than
 * {@code nocobase.cluster.redis.max-silence}.</li>
 * <li>Each change of a key, ours and those that we are told of, raises its version and
 * drops the copy. What was read before is not kept after it.</li>
 * <li>Those that we are told of are counted apart: what was loaded before one of them is
 * not stored, or removed again if the news comes later.</li>
 * <li>After a loss of the connection all copies are dropped before the next one is
 * served.</li>
 * </ol>
 */
final class NearState implements NearChannel.Listener {

	/**
	 * Keys share versions; at worst a copy is not kept, or a loaded value not stored,
	 * that could have been.
	 */
	private static final int STRIPES = 8_192;

	static final long UNKNOWN = -1;

	private final NearChannel channel;

	private final Cache<String, NearCopy> copies;

	private final NearFills fills;

	private final ClusterRuntime runtime;

	private final Versions all = new Versions();

	private final Versions heard = new Versions();

	/** The losses after which all copies were dropped. */
	private final AtomicLong losses = new AtomicLong();

	NearState(NearChannel channel, Cache<String, NearCopy> copies, RemoteRegion<?> remote, ClusterRuntime runtime) {
		this.channel = channel;
		this.copies = copies;
		this.runtime = runtime;
		// A loss is noticed within the silence after it.
		this.fills = new NearFills(channel.maxSilence().multipliedBy(2), runtime, (texts) -> remove(texts, remote));
	}

	private void remove(Map<String, byte[]> texts, RemoteRegion<?> remote) {
		try {
			remote.deleteIfSame(texts);
		}
		finally {
			// We are not told of our own changes, and may have read the text meanwhile.
			texts.keySet().forEach(this::changed);
		}
	}

	NearFills fills() {
		return this.fills;
	}

	void limit(long maxSize) {
		this.copies.policy().eviction().ifPresent((eviction) -> eviction.setMaximum(maxSize));
	}

	/**
	 * Returns whether copies are right. Asked before each use.
	 * @param now the monotonic time
	 * @return whether they are
	 */
	boolean isCurrent(long now) {
		if (!this.channel.isHeard(now)) {
			return false;
		}
		// A loss is counted before the connection is heard again.
		long known = this.losses.get();
		long all = this.channel.losses();
		if (all != known) {
			// What was missed may have been news of any key.
			heard(null, false);
			this.losses.compareAndSet(known, all);
		}
		return true;
	}

	@Nullable NearCopy get(String key, long now) {
		NearCopy copy = this.copies.getIfPresent(key);
		// One that is kept while all are being dropped may outlive that.
		if (copy == null || (copy.drops() == drops() && copy.end() - now > 0)) {
			return copy;
		}
		this.copies.asMap().remove(key, copy);
		return null;
	}

	/**
	 * Returns how often a key has changed.
	 * @param key the key
	 * @return a number that rises with each change, of ours too
	 */
	long version(String key) {
		return this.all.of(key);
	}

	/**
	 * Returns how often all copies were dropped, for what is read from now on.
	 * @return the number
	 */
	long drops() {
		return this.all.resets.get();
	}

	/**
	 * Returns how often others have changed a key, as far as we were told.
	 * @param key the key
	 * @return a number that rises with each change, {@link #UNKNOWN} while no news are
	 * heard
	 */
	long heardVersion(String key) {
		return isCurrent(this.runtime.nanoTime()) ? this.heard.of(key) : UNKNOWN;
	}

	/**
	 * Keeps a copy.
	 * @param key the key
	 * @param copy the copy
	 * @param version of the key before its value was read
	 */
	void keep(String key, NearCopy copy, long version) {
		long now = this.runtime.nanoTime();
		if (copy.end() - now > 0 && isCurrent(now)) {
			// Whoever drops a copy has raised the version before.
			this.copies.asMap().compute(key, (same, old) -> (version(key) == version) ? copy : old);
		}
	}

	@Override
	public void heard(@Nullable String key, boolean isSet) {
		this.heard.rise(key);
		changed(key);
		if (isSet && key != null) {
			// What we had stored was overwritten, or not stored at all.
			this.fills.forget(key);
		}
		else {
			this.fills.heard(key);
		}
	}

	/**
	 * A key has changed, or all have.
	 * @param key the key, or {@code null}
	 */
	void changed(@Nullable String key) {
		this.all.rise(key);
		if (key != null) {
			this.copies.invalidate(key);
		}
		else {
			// None of them is served any more.
			forgetAll();
		}
	}

	private void forgetAll() {
		try {
			this.runtime.executor().execute(this.copies::invalidateAll);
		}
		catch (RejectedExecutionException ex) {
			// The instance is at its stop.
		}
	}

	private static final class Versions {

		private final AtomicIntegerArray stripes = new AtomicIntegerArray(STRIPES);

		private final AtomicLong resets = new AtomicLong();

		long of(String key) {
			return this.stripes.get(stripe(key)) + this.resets.get();
		}

		void rise(@Nullable String key) {
			if (key != null) {
				this.stripes.incrementAndGet(stripe(key));
			}
			else {
				this.resets.incrementAndGet();
			}
		}

		private static int stripe(String key) {
			int hash = key.hashCode();
			return (hash ^ hash >>> 16) & STRIPES - 1;
		}

	}

}
