package com.nocobase.cluster.cache.redis;

import java.util.Locale;

/**
 * What an instance did, or found. Times are those of the machine's monotonic clock, which
 * all processes share; what happened lies between them.
 *
 * @param kind what it is
 * @param process the instance
 * @param row the row
 * @param version of the row, which was read or committed
 * @param begin before the call
 * @param end after the call
 * @param reached whether the instance's store was reachable before and after
 */
record CacheEvent(Kind kind, int process, int row, long version, long begin, long end, boolean reached) {

	/**
	 * An instance found its store unreachable.
	 * @param process the instance
	 * @param begin when it was reachable last
	 * @param end when it was so again
	 * @return the event
	 */
	static CacheEvent away(int process, long begin, long end) {
		return new CacheEvent(Kind.AWAY, process, 0, 0, begin, end, false);
	}

	static CacheEvent parse(String line) {
		String[] parts = line.split(" ");
		return new CacheEvent(Kind.valueOf(parts[0].toUpperCase(Locale.ROOT)), Integer.parseInt(parts[1]),
				Integer.parseInt(parts[2]), Long.parseLong(parts[3]), Long.parseLong(parts[4]),
				Long.parseLong(parts[5]), Boolean.parseBoolean(parts[6]));
	}

	@Override
	public String toString() {
		return "%s %s %s %s %s %s %s".formatted(this.kind.name().toLowerCase(Locale.ROOT), this.process, this.row,
				this.version, this.begin, this.end, this.reached);
	}

	/** What an event is. */
	enum Kind {

		/** The cache gave a value. */
		READ,

		/** A loader read the row, and the cache may have stored it. */
		LOAD,

		/** The row was changed, then its entry was set or removed. */
		CHANGE,

		/** The store was not reachable. */
		AWAY

	}

}
