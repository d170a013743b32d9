package com.nocobase.cluster.support;

import java.time.Clock;

import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

/**
 * Threads and clocks for tests without a context.
 */
public final class TestRuntime implements AutoCloseable {

	private final ThreadPoolTaskExecutor executor = new ThreadPoolTaskExecutor();

	private final ThreadPoolTaskScheduler scheduler = new ThreadPoolTaskScheduler();

	/**
	 * Starts the threads.
	 */
	public TestRuntime() {
		this.executor.setQueueCapacity(0);
		this.executor.setDaemon(true);
		this.executor.initialize();
		this.scheduler.setRemoveOnCancelPolicy(true);
		this.scheduler.setDaemon(true);
		this.scheduler.initialize();
	}

	/**
	 * Returns the runtime.
	 * @return real threads and clocks
	 */
	public ClusterRuntime runtime() {
		return new ClusterRuntime(this.executor, this.scheduler, Clock.systemUTC(), System::nanoTime);
	}

	@Override
	public void close() {
		this.scheduler.shutdown();
		this.executor.shutdown();
	}

}
