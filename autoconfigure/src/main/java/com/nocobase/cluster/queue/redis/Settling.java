package com.nocobase.cluster.queue.redis;

import java.time.Duration;

/**
 * What is to be done with a task that was taken.
 *
 * @param id id of the task
 * @param owner who has it
 * @param what one letter
 * @param first first value, as {@code settle.lua} knows it
 * @param second second value
 */
record Settling(String id, String owner, String what, String first, String second) {

	static Settling over(String id, String owner, boolean done, String record, boolean told) {
		return new Settling(id, owner, done ? "D" : "C", record, told ? "1" : "");
	}

	static Settling retry(String id, String owner, Duration pause, String error) {
		return new Settling(id, owner, "R", millis(pause), error);
	}

	static Settling back(String id, String owner, Duration pause) {
		return new Settling(id, owner, "B", millis(pause), "");
	}

	static Settling dead(String id, String owner, int attempts, String error) {
		return new Settling(id, owner, "X", Integer.toString(attempts), error);
	}

	boolean isPlainlyDone() {
		return this.what.equals("D") && this.second.isEmpty();
	}

	/**
	 * Returns a time as scripts get it.
	 * @param time the time
	 * @return whole milliseconds, rounded up
	 */
	static String millis(Duration time) {
		return Long.toString(-Math.floorDiv(-Math.min(time.toNanos(), Long.MAX_VALUE - 1_000_000), 1_000_000L));
	}

}
