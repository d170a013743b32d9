package com.nocobase.cluster.queue.redis;

/**
 * What a task has behind it: {@code failures;deaths;error}, or nothing.
 *
 * @param failures how many attempts have failed
 * @param deaths how many workers died that had it
 * @param error what went wrong last
 */
record TaskPast(int failures, int deaths, String error) {

	static final TaskPast NONE = new TaskPast(0, 0, "");

	static TaskPast of(String text) {
		if (text.isEmpty()) {
			return NONE;
		}
		String[] parts = text.split(";", 3);
		return new TaskPast(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]), parts[2]);
	}

	String failed(String why) {
		return (this.failures + 1) + ";" + this.deaths + ";" + why;
	}

}
