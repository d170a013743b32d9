package com.nocobase.cluster.support;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.core.log.LogMessage;

/**
 * One step of the order of life: what to do when its phase comes up and what to do when
 * it goes down. The way down runs on the executor and always calls back, so that a step
 * that hangs costs its phase's time limit and no more.
 */
public final class LifecycleStep implements SmartLifecycle {

	private static final Log logger = LogFactory.getLog(LifecycleStep.class);

	private final String name;

	private final int phase;

	private final Executor executor;

	private final Runnable up;

	private final Runnable down;

	private volatile boolean running;

	/**
	 * Creates a step.
	 * @param name for the log
	 * @param phase one of {@link ClusterPhases}
	 * @param executor runs the way down
	 * @param up called on the starting thread; what it throws stops the start
	 * @param down called after a start; may be called again after another start
	 */
	public LifecycleStep(String name, int phase, Executor executor, Runnable up, Runnable down) {
		this.name = name;
		this.phase = phase;
		this.executor = executor;
		this.up = up;
		this.down = down;
	}

	@Override
	public void start() {
		if (!this.running) {
			this.up.run();
			this.running = true;
		}
	}

	@Override
	public void stop() {
		if (this.running) {
			this.running = false;
			try {
				this.down.run();
			}
			catch (RuntimeException ex) {
				logger.warn(LogMessage.format("Stopping the %s failed; going on", this.name), ex);
			}
		}
	}

	@Override
	public void stop(Runnable callback) {
		Runnable stopping = () -> {
			try {
				stop();
			}
			finally {
				callback.run();
			}
		};
		try {
			this.executor.execute(stopping);
		}
		catch (RejectedExecutionException ex) {
			logger.debug(LogMessage.format("Stopping the %s on the calling thread", this.name), ex);
			stopping.run();
		}
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	@Override
	public int getPhase() {
		return this.phase;
	}

	@Override
	public String toString() {
		return this.name;
	}

}
