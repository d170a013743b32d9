package com.nocobase.cluster.queue;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.core.log.LogMessage;

import com.nocobase.cluster.support.Alarm;
import com.nocobase.cluster.support.ClusterRuntime;
import com.nocobase.cluster.support.Signals;

/**
 * Asks the application whether a subscription may take more: before it does, and again
 * and again, so that a change is noticed. One question at a time is on its way; one that
 * is not answered in time counts as a no. Nothing goes to the broker. Safe from any
 * thread.
 */
final class Gate {

	private static final Log logger = LogFactory.getLog(Gate.class);

	private static final Duration INTERVAL = Duration.ofMillis(200);

	private static final Duration PATIENCE = Duration.ofSeconds(1);

	private static final Duration QUIET = Duration.ofMinutes(1);

	private final String channel;

	private final BooleanSupplier condition;

	private final Runnable asked;

	private final ClusterRuntime runtime;

	private final Signals signals;

	private final AtomicBoolean asking = new AtomicBoolean();

	private final Alarm alarm;

	private volatile boolean running;

	private volatile boolean open;

	private volatile boolean hanging;

	private volatile long askedAt;

	private volatile long loggedAt;

	/**
	 * Creates a gate that is shut.
	 * @param channel for log and counters
	 * @param condition what the application answers; may throw or hang
	 * @param asked called on the executor when the answer may have changed
	 * @param runtime threads and clocks
	 * @param signals counts what went wrong
	 */
	Gate(String channel, BooleanSupplier condition, Runnable asked, ClusterRuntime runtime, Signals signals) {
		this.channel = channel;
		this.condition = condition;
		this.asked = asked;
		this.runtime = runtime;
		this.signals = signals;
		this.loggedAt = runtime.nanoTime() - QUIET.toNanos();
		this.alarm = new Alarm(runtime, this::ring);
	}

	void start() {
		this.running = true;
		this.alarm.within(Duration.ZERO);
	}

	void stop() {
		this.running = false;
		this.open = false;
		this.alarm.cancel();
	}

	/**
	 * Asks on the calling thread, unless somebody else does.
	 * @return the newest answer
	 */
	boolean ask() {
		if (this.running && this.asking.compareAndSet(false, true)) {
			this.askedAt = this.runtime.nanoTime();
			boolean answer = false;
			try {
				answer = this.condition.getAsBoolean();
			}
			catch (Throwable ex) {
				complain("failed; it counts as false", ex);
			}
			this.hanging = false;
			this.open = answer && this.running;
			this.asking.set(false);
		}
		return this.open;
	}

	boolean isOpen() {
		return this.open;
	}

	boolean isHanging() {
		return this.hanging;
	}

	private void ring() {
		if (!this.running) {
			return;
		}
		if (!this.asking.get()) {
			this.runtime.executor().execute(() -> {
				ask();
				this.asked.run();
			});
		}
		else if (!this.hanging && this.runtime.nanoTime() - this.askedAt > PATIENCE.toNanos()) {
			this.hanging = true;
			this.open = false;
			complain("does not return; nothing is taken until it does", null);
			this.runtime.executor().execute(this.asked);
		}
		this.alarm.within(INTERVAL);
	}

	private void complain(String what, @Nullable Throwable failure) {
		this.signals.count("queue.gate-failed", this.channel);
		long now = this.runtime.nanoTime();
		if (now - this.loggedAt >= QUIET.toNanos()) {
			this.loggedAt = now;
			logger.warn(LogMessage.format("The idle gate of '%s' %s", this.channel, what), failure);
		}
	}

}
