package com.nocobase.cluster.support;

import java.time.Duration;

import org.apache.commons.logging.Log;
import org.jspecify.annotations.Nullable;

/**
 * One kind of trouble at one place. Each time it is counted; at most once a minute it is
 * logged, so that a stream of them does not flood the log; and for a minute it is
 * remembered, so that health can tell of it. Safe from any thread.
 */
public final class Incident {

	private static final long MINUTE = Duration.ofMinutes(1).toNanos();

	private final Log logger;

	private final ClusterRuntime runtime;

	private final Signals signals;

	private final String event;

	private volatile @Nullable Long last;

	/** Guarded by this. */
	private @Nullable Long logged;

	/**
	 * Creates an incident that has not happened.
	 * @param logger of the class that it happens to
	 * @param runtime tells the time
	 * @param signals counts it
	 * @param event capability and event, such as {@code pubsub.dropped}
	 */
	public Incident(Log logger, ClusterRuntime runtime, Signals signals, String event) {
		this.logger = logger;
		this.runtime = runtime;
		this.signals = signals;
		this.event = event;
	}

	/**
	 * Notes something that was lost, or will be tried again.
	 * @param subject the channel that it happened to, for the counter
	 * @param message what happened
	 * @param cause why, or {@code null}
	 */
	public void warn(String subject, String message, @Nullable Throwable cause) {
		if (happened(subject)) {
			this.logger.warn(message, cause);
		}
		else {
			this.logger.debug(message, cause);
		}
	}

	/**
	 * Notes something that a person must look after.
	 * @param subject the channel that it happened to, for the counter
	 * @param message what happened and what to do
	 * @param cause why, or {@code null}
	 */
	public void error(String subject, String message, @Nullable Throwable cause) {
		if (happened(subject)) {
			this.logger.error(message, cause);
		}
		else {
			this.logger.debug(message, cause);
		}
	}

	/**
	 * Returns whether it happened within the last minute.
	 * @return whether it did
	 */
	public boolean isRecent() {
		Long at = this.last;
		return at != null && this.runtime.nanoTime() - at < MINUTE;
	}

	private boolean happened(String subject) {
		this.signals.count(this.event, subject);
		long now = this.runtime.nanoTime();
		this.last = now;
		return isToBeLogged(now);
	}

	private synchronized boolean isToBeLogged(long now) {
		boolean due = this.logged == null || now - this.logged >= MINUTE;
		this.logged = due ? Long.valueOf(now) : this.logged;
		return due;
	}

}
