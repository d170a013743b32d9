package com.nocobase.cluster.pubsub;

import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * Numbers the messages that leave, so that a receiver knows one that comes again. Each
 * channel has a lane, which it may share; messages of a lane leave one after the other,
 * in the order of their numbers.
 */
final class Lanes {

	/** Between the lane and the number of an id; no other id has it. */
	static final char NUMBER = '#';

	private static final int COUNT = 64;

	private final Lane[] lanes = new Lane[COUNT];

	private final long limit;

	/**
	 * Creates lanes that nobody else has.
	 * @param limit how long a message waits for the one before it
	 */
	Lanes(Duration limit) {
		this.limit = limit.toNanos();
		String owner = UUID.randomUUID().toString().replace("-", "");
		for (int i = 0; i < COUNT; i++) {
			this.lanes[i] = new Lane(owner + Integer.toString(i, 36));
		}
	}

	/**
	 * Lets a message leave.
	 * @param <T> the type of the result
	 * @param channel its channel
	 * @param departure sends it and does not wait for the broker; gets the lane
	 * @return what that returned
	 */
	<T> T leave(String channel, Function<Lane, T> departure) {
		Lane lane = this.lanes[spread(channel.hashCode())];
		enter(lane);
		try {
			return departure.apply(lane);
		}
		finally {
			lane.lock.unlock();
		}
	}

	private void enter(Lane lane) {
		try {
			if (lane.lock.tryLock() || lane.lock.tryLock(this.limit, TimeUnit.NANOSECONDS)) {
				return;
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		throw new IllegalStateException("The message before it has not left");
	}

	private static int spread(int hash) {
		return (hash ^ (hash >>> 16)) & (COUNT - 1);
	}

	/**
	 * Messages that leave one after the other.
	 */
	static final class Lane {

		private final ReentrantLock lock = new ReentrantLock();

		private final String name;

		/** Guarded by the lock. */
		private long last;

		private Lane(String name) {
			this.name = name;
		}

		String nextId() {
			return this.name + NUMBER + ++this.last;
		}

	}

}
