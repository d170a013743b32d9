package com.nocobase.cluster.queue;

import java.time.Duration;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.springframework.core.log.LogMessage;

/**
 * How running tasks end when the application stops: they are left alone for a while, then
 * told, then interrupted, and at last given back. All of it fits into the phase's time.
 *
 * @param patience how long they are left alone
 * @param grace how long they have after they were told, and again after they were
 * interrupted
 */
record Drain(Duration patience, Duration grace) {

	private static final Log logger = LogFactory.getLog(Drain.class);

	private static final Duration LONGEST_GRACE = Duration.ofSeconds(1);

	/**
	 * Cuts what is configured to what the phase allows.
	 * @param wanted how long tasks shall be left alone
	 * @param phase how long the phase may take
	 * @return the times
	 */
	static Drain within(Duration wanted, Duration phase) {
		Duration longest = phase.multipliedBy(2).dividedBy(3);
		Duration part = phase.dividedBy(12);
		Duration grace = (part.compareTo(LONGEST_GRACE) < 0) ? part : LONGEST_GRACE;
		if (wanted.compareTo(longest) <= 0) {
			return new Drain(wanted, grace);
		}
		logger.warn(LogMessage
			.format("nocobase.cluster.queue.drain is %s, but spring.lifecycle.timeout-per-shutdown-phase is %s; "
					+ "running tasks have %s to end", wanted, phase, longest));
		return new Drain(longest, grace);
	}

	void run(RunningTasks tasks) {
		if (tasks.awaitNone(this.patience)) {
			return;
		}
		logger.warn(LogMessage.format("%d tasks still run after %s; they are told to stop and given back", tasks.size(),
				this.patience));
		tasks.forEach(TaskRun::stop);
		if (tasks.awaitNone(this.grace)) {
			return;
		}
		tasks.forEach(TaskRun::interrupt);
		if (!tasks.awaitNone(this.grace)) {
			tasks.forEach(TaskRun::abandon);
		}
	}

}
