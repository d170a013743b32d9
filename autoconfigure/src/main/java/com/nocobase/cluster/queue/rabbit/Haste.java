package com.nocobase.cluster.queue.rabbit;

import java.time.Duration;

/**
 * Decides how many tasks to prefetch beyond those that run at once. None at first; some
 * while handlers are so quick that the broker would keep them waiting; none again for a
 * while when a prefetched task has waited, which another instance might have done.
 * <p>
 * Not thread-safe.
 */
final class Haste {

	/** The longest that a task may wait here for a handler. */
	static final Duration PATIENCE = Duration.ofMillis(100);

	private static final int EXTRA = 64;

	/** So many tasks done within {@link #PATIENCE} are quick. */
	private static final int QUICK = 32;

	private static final Duration CALM = Duration.ofSeconds(10);

	private long since;

	private int done;

	private boolean quick;

	private long calmUntil;

	Haste(long now) {
		this.since = now;
		this.calmUntil = now;
	}

	int extra() {
		return this.quick ? EXTRA : 0;
	}

	/**
	 * Notes that a slot has become free.
	 * @param now the monotonic time
	 * @return whether more is to be prefetched from now on
	 */
	boolean freed(long now) {
		if (now - this.since > PATIENCE.toNanos()) {
			this.since = now;
			this.done = 0;
		}
		this.done++;
		if (this.quick || this.done < QUICK || now - this.calmUntil < 0) {
			return false;
		}
		this.quick = true;
		return true;
	}

	/**
	 * Notes that a prefetched task has waited.
	 * @param now the monotonic time
	 * @return whether less is to be prefetched from now on
	 */
	boolean waited(long now) {
		boolean changed = this.quick;
		this.quick = false;
		this.calmUntil = now + CALM.toNanos();
		return changed;
	}

}
