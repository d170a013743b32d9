package com.nocobase.cluster.support;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Says when a drain that has handed over all there was shall rest for a moment and look
 * again, instead of ending. Waking a thread costs more than most items, so where they
 * come densely a thread is better woken once for many, as network cards do with their
 * interrupts. Where they come one by one, perhaps because their sender waits for an
 * answer, every item wakes a thread at once.
 * <p>
 * Not thread-safe.
 */
final class Pace {

	/** How long a rest is, and so how much later an item may come. */
	static final Duration MOMENT = Duration.ofMillis(2);

	/** Drains that begin sooner after the end of the last one follow each other. */
	private static final long SOON = TimeUnit.MICROSECONDS.toNanos(300);

	/** So many drains that follow each other are a dense flow. */
	private static final int DENSE = 8;

	/** A rest was worth it if so many items came meanwhile. */
	private static final int WORTH = 4;

	/** So many more drains have to follow each other after a rest that was not. */
	private static final int PENALTY = 64;

	private long ended;

	private int inARow;

	private boolean rested;

	/**
	 * A drain begins.
	 * @param now the monotonic time
	 */
	void begins(long now) {
		this.inARow = (now - this.ended < SOON) ? this.inARow + 1 : Math.min(this.inARow, 0);
	}

	/**
	 * Returns whether to rest if there is nothing to hand over.
	 * @param waiting how many items there are
	 * @return whether to rest
	 */
	boolean rests(int waiting) {
		if (this.rested && waiting < WORTH) {
			this.inARow = -PENALTY;
		}
		this.rested = waiting == 0 && this.inARow >= DENSE;
		return this.rested;
	}

	/**
	 * A drain has ended, or rests.
	 * @param now the monotonic time
	 */
	void ends(long now) {
		this.ended = now;
	}

}
