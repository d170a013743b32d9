package com.nocobase.cluster.worker;

import java.time.Instant;
import java.util.function.Supplier;

/**
 * A worker id that this instance holds. Safe from any thread.
 */
public interface WorkerIdLease extends AutoCloseable {

	/**
	 * Returns the worker id.
	 * @return from 0
	 */
	int workerId();

	/**
	 * Returns the second that the last holder may have given out ids for; ids start above
	 * it, so that even a crash repeats none.
	 * @return the floor
	 */
	Instant floor();

	/**
	 * Returns the second up to which ids may be given out. It moves on with each renewal;
	 * {@link Instant#MIN} when the lease is lost.
	 * @return the horizon, cheap to ask for
	 */
	Instant horizon();

	/**
	 * Gives the id back. Doing so twice does nothing. The next holder starts above the
	 * horizon.
	 */
	@Override
	void close();

	/**
	 * Gives the id back with what was used of it, so that the next holder may start above
	 * that and need not wait for the horizon to pass.
	 * @param used tells the last second that an id was given out for; asked after the
	 * horizon has become {@link Instant#MIN}
	 */
	default void giveBack(Supplier<Instant> used) {
		close();
	}

}
