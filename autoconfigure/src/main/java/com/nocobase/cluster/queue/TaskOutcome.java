package com.nocobase.cluster.queue;

import org.jspecify.annotations.Nullable;

/**
 * How a run has ended.
 *
 * @param kind what it means for the task
 * @param error what went wrong, for a failed attempt
 * @param failure what the handler threw, for the log
 */
record TaskOutcome(Kind kind, String error, @Nullable Throwable failure) {

	private static final int MAX_ERROR = 2_000;

	static final TaskOutcome DONE = new TaskOutcome(Kind.DONE, "", null);

	static final TaskOutcome CANCELED = new TaskOutcome(Kind.CANCELED, "", null);

	static final TaskOutcome GIVEN_BACK = new TaskOutcome(Kind.GIVEN_BACK, "", null);

	static TaskOutcome failed(String error) {
		return new TaskOutcome(Kind.FAILED, cut(error), null);
	}

	static TaskOutcome failed(Throwable failure) {
		return new TaskOutcome(Kind.FAILED, text(failure), failure);
	}

	static String text(Throwable failure) {
		StringBuilder text = new StringBuilder(describe(failure));
		Throwable cause = failure.getCause();
		if (cause != null) {
			text.append("; caused by ").append(describe(cause));
		}
		return cut(text.toString());
	}

	private static String describe(Throwable failure) {
		return (failure.getMessage() != null) ? failure.getClass().getName() + ": " + failure.getMessage()
				: failure.getClass().getName();
	}

	private static String cut(String text) {
		return (text.length() <= MAX_ERROR) ? text : text.substring(0, MAX_ERROR) + "…";
	}

	/**
	 * What an end of a run means for the task.
	 */
	enum Kind {

		/** It is done. */
		DONE,

		/** It is over, because somebody cancelled it. */
		CANCELED,

		/** It goes to others; this was no attempt. */
		GIVEN_BACK,

		/** One attempt is used up. */
		FAILED

	}

}
