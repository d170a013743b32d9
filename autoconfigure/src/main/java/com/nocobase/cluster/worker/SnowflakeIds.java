package com.nocobase.cluster.worker;

/**
 * Ids that no other instance gives out, rising within an instance, and small enough for a
 * JavaScript number:
 * {@code (seconds since 2020-11-11T00:00+08:00) · 2^21 + worker · 2^16 + sequence} with 5
 * bits for the worker. Safe from any thread.
 */
public interface SnowflakeIds {

	/**
	 * Returns the next id. A clock that steps back never repeats one: the last second is
	 * gone on with. A second whose ids are used up is waited for, at most
	 * {@code nocobase.cluster.worker-id.max-wait}.
	 * @return the id, positive and below 2^53
	 * @throws WorkerIdException if there is no worker id or its lease is lost, until
	 * another one was had, the next second did not come in time, or the thread was
	 * interrupted while waiting for it
	 */
	long next();

	/**
	 * Returns the worker id that is in the ids. It changes when its lease was lost and
	 * another one was had.
	 * @return from 0
	 * @throws WorkerIdException if there is none
	 */
	int workerId();

	/**
	 * Takes an id apart.
	 * @param id the id
	 * @return its parts
	 * @throws IllegalArgumentException if it is negative or not below 2^53
	 */
	SnowflakeId parse(long id);

}
