package com.nocobase.cluster.cache.redis;

import java.time.Duration;
import java.util.Random;

/**
 * Which rows who uses. The first ones have an owner each: it alone changes them, loads
 * them and sets their entries, the others look. The rest is shared: everybody loads and
 * changes them, and removes their entries. For half a second at a time all processes meet
 * at the same few rows, which are then left alone: what is old by then stays to be seen.
 */
final class CacheRows {

	static final int PROCESSES = 3;

	private static final int OWNED = 30;

	private static final int FOCUS = 3;

	private static final long SLICE = Duration.ofMillis(500).toNanos();

	private final long seed;

	CacheRows(long seed) {
		this.seed = seed;
	}

	static boolean isOwned(int row) {
		return row < OWNED;
	}

	static boolean isOwnedBy(int process, int row) {
		return isOwned(row) && row % PROCESSES == process;
	}

	/**
	 * Chooses a row.
	 * @param random chance
	 * @return the row, more often than not one of those that all are at now
	 */
	int any(Random random) {
		if (random.nextInt(5) < 2) {
			return random.nextInt(CacheTruth.ROWS);
		}
		long slice = System.nanoTime() / SLICE;
		return new Random(this.seed + slice * FOCUS + random.nextInt(FOCUS)).nextInt(CacheTruth.ROWS);
	}

	/**
	 * Chooses a row to be changed.
	 * @param random chance
	 * @param process who changes it
	 * @return the row, none that others own
	 */
	int anyToChange(Random random, int process) {
		int row = any(random);
		while (isOwned(row) && !isOwnedBy(process, row)) {
			row = any(random);
		}
		return row;
	}

}
