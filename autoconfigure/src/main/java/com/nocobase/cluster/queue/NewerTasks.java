package com.nocobase.cluster.queue;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Tasks in a format that this version does not know. They are given back for a newer
 * instance some times, with growing pauses, before they are given up.
 */
final class NewerTasks {

	private static final int ROUNDS = 5;

	private static final int REMEMBERED = 1_000;

	/** Guards the map. */
	private final ReentrantLock lock = new ReentrantLock();

	private final Map<String, Integer> rounds = new LinkedHashMap<>() {

		@Override
		protected boolean removeEldestEntry(Map.Entry<String, Integer> eldest) {
			return size() > REMEMBERED;
		}

	};

	/**
	 * Returns for how long to give a task back.
	 * @param id id of the task
	 * @return the pause, or empty to give it up
	 */
	Optional<Duration> pause(String id) {
		this.lock.lock();
		try {
			int round = this.rounds.merge(id, 1, Integer::sum);
			if (round <= ROUNDS) {
				return Optional.of(Duration.ofSeconds(1L << (round - 1)));
			}
			this.rounds.remove(id);
			return Optional.empty();
		}
		finally {
			this.lock.unlock();
		}
	}

}
