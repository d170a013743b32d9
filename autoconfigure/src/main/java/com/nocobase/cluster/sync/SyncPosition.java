package com.nocobase.cluster.sync;

import java.util.Comparator;

/**
 * A place in the log. Later messages have greater positions.
 *
 * @param time the first part; milliseconds where the log counts by time
 * @param sequence tells apart what has the same first part
 */
public record SyncPosition(long time, long sequence) implements Comparable<SyncPosition> {

	/** Before every message. */
	public static final SyncPosition START = new SyncPosition(0, 0);

	private static final Comparator<SyncPosition> ORDER = Comparator.comparingLong(SyncPosition::time)
		.thenComparingLong(SyncPosition::sequence);

	@Override
	public int compareTo(SyncPosition other) {
		return ORDER.compare(this, other);
	}

	boolean isAtLeast(SyncPosition other) {
		return compareTo(other) >= 0;
	}

	@Override
	public String toString() {
		return this.time + "-" + this.sequence;
	}

}
