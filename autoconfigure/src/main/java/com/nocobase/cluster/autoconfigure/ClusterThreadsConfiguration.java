package com.nocobase.cluster.autoconfigure;

import java.time.Clock;
import java.time.Duration;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnThreading;
import org.springframework.boot.thread.Threading;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.task.AsyncTaskExecutor;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.scheduling.TaskScheduler;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

import com.nocobase.cluster.support.ClusterRuntime;

/**
 * Threads of our own. They are no default candidates, so that Boot's executors do not
 * back off, and serve until all of our beans have stopped.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnMissingBean(ClusterRuntime.class)
class ClusterThreadsConfiguration {

	private static final String PREFIX = "nocobase-cluster-";

	/** After all of our beans, before the connections. */
	private static final int STOPS_LAST = 1;

	@Bean
	ClusterRuntime nocobaseClusterRuntime(@Qualifier("nocobaseClusterExecutor") AsyncTaskExecutor executor,
			@Qualifier("nocobaseClusterScheduler") TaskScheduler scheduler) {
		return new ClusterRuntime(executor, scheduler, Clock.systemUTC(), System::nanoTime);
	}

	@Bean(defaultCandidate = false)
	@ConditionalOnThreading(Threading.PLATFORM)
	AsyncTaskExecutor nocobaseClusterExecutor() {
		ThreadPoolTaskExecutor executor = new UnpausedExecutor();
		executor.setThreadNamePrefix(PREFIX);
		executor.setCorePoolSize(0);
		executor.setQueueCapacity(0);
		executor.setKeepAliveSeconds((int) Duration.ofMinutes(1).toSeconds());
		executor.setDaemon(true);
		executor.setAcceptTasksAfterContextClose(true);
		return executor;
	}

	@Bean(name = "nocobaseClusterExecutor", defaultCandidate = false)
	@ConditionalOnThreading(Threading.VIRTUAL)
	AsyncTaskExecutor nocobaseClusterVirtualExecutor() {
		SimpleAsyncTaskExecutor executor = new SimpleAsyncTaskExecutor(PREFIX);
		executor.setVirtualThreads(true);
		return executor;
	}

	@Bean(defaultCandidate = false)
	TaskScheduler nocobaseClusterScheduler() {
		ThreadPoolTaskScheduler scheduler = new ThreadPoolTaskScheduler();
		scheduler.setThreadNamePrefix(PREFIX + "timer-");
		scheduler.setPoolSize(1);
		scheduler.setRemoveOnCancelPolicy(true);
		scheduler.setDaemon(true);
		scheduler.setAcceptTasksAfterContextClose(true);
		scheduler.setPhase(STOPS_LAST);
		return scheduler;
	}

	/**
	 * Ends with the context and not with a phase: our beans need threads while they stop,
	 * and a handler that hangs must not cost another phase's time limit.
	 */
	private static final class UnpausedExecutor extends ThreadPoolTaskExecutor {

		private static final long serialVersionUID = 1L;

		@Override
		public void stop() {
		}

		@Override
		public void stop(Runnable callback) {
			callback.run();
		}

	}

}
