package com.nocobase.cluster.worker;

import java.time.Instant;

import org.springframework.util.Assert;

/**
 * How an id is laid out: second, worker, number within the second.
 *
 * @param workerBits how many bits hold the worker
 */
record IdLayout(int workerBits) {

	/** 2020-11-11T00:00+08:00. */
	private static final long EPOCH = 1_605_024_000;

	private static final int BELOW_SECOND = 21;

	private static final long END = 1L << 53;

	private static final long LAST_SECOND = (END >> BELOW_SECOND) - 1;

	int workers() {
		return 1 << this.workerBits;
	}

	int sequenceBits() {
		return BELOW_SECOND - this.workerBits;
	}

	int lastSequence() {
		return (1 << sequenceBits()) - 1;
	}

	static long second(long epochSecond) {
		return epochSecond - EPOCH;
	}

	Instant instant(long second) {
		return Instant.ofEpochSecond(second + EPOCH);
	}

	long id(long second, int worker, int sequence) {
		if (second < 1 || second > LAST_SECOND) {
			throw new WorkerIdException("There are no ids for %s; set the clock".formatted(instant(second)), null);
		}
		return second << BELOW_SECOND | (long) worker << sequenceBits() | sequence;
	}

	SnowflakeId parse(long id) {
		Assert.isTrue(id >= 0 && id < END, () -> "id must be from 0 to 2^53 - 1, but is " + id);
		return new SnowflakeId(id, instant(id >> BELOW_SECOND), (int) (id >> sequenceBits()) & workers() - 1,
				(int) id & lastSequence());
	}

}
