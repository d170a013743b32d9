package com.nocobase.cluster.queue.redis;

import java.time.Duration;

/**
 * How many tasks to take beyond those that are asked for: as many as were lately done in
 * a moment. So fast handlers never wait for the server, and a slow one keeps nothing from
 * the others. Guarded by the lock of its consumer.
 */
final class LookAhead {

	private static final double MOMENT = Duration.ofMillis(20).toNanos();

	/** Slots that are filled all at once tell nothing of how fast they come free. */
	private static final double SHORTEST = MOMENT / 4;

	private static final int MOST = 128;

	private long since;

	private int handedOver;

	private int size;

	LookAhead(long now) {
		this.since = now;
	}

	void handedOver(int tasks) {
		this.handedOver += tasks;
	}

	/**
	 * Measures anew, unless it has only just done so.
	 * @param now the monotonic time
	 */
	void measure(long now) {
		long time = now - this.since;
		if (time < SHORTEST) {
			return;
		}
		this.size = (int) Math.min(MOST, this.handedOver * MOMENT / time);
		this.since = now;
		this.handedOver = 0;
	}

	/**
	 * Takes nothing ahead until handlers are seen to be fast again.
	 * @param now the monotonic time
	 */
	void reset(long now) {
		this.size = 0;
		this.since = now;
		this.handedOver = 0;
	}

	int size() {
		return this.size;
	}

}
