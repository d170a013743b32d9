package com.nocobase.cluster.support;

import java.time.Clock;
import java.util.concurrent.atomic.AtomicInteger;

import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.core.task.TaskRejectedException;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

/**
 * An executor that has no thread as long as a test wants it so.
 */
public final class RefusingExecutor extends SimpleAsyncTaskExecutor {

	private static final long serialVersionUID = 1L;

	private final AtomicInteger refusals = new AtomicInteger();

	private volatile boolean refuses;

	public RefusingExecutor() {
		super("test-");
	}

	/**
	 * Makes it the executor of a context.
	 * @param context gets beans
	 */
	public void register(GenericApplicationContext context) {
		context.registerBean(ThreadPoolTaskScheduler.class, () -> {
			ThreadPoolTaskScheduler scheduler = new ThreadPoolTaskScheduler();
			scheduler.setAcceptTasksAfterContextClose(true);
			scheduler.setPhase(1);
			return scheduler;
		});
		context.registerBean(ClusterRuntime.class, () -> new ClusterRuntime(this,
				context.getBean(ThreadPoolTaskScheduler.class), Clock.systemUTC(), System::nanoTime));
	}

	public void refuse(boolean refuse) {
		this.refuses = refuse;
	}

	public int refused() {
		return this.refusals.get();
	}

	@Override
	protected void doExecute(Runnable task) {
		if (this.refuses) {
			this.refusals.incrementAndGet();
			throw new TaskRejectedException("expected by the test");
		}
		super.doExecute(task);
	}

}
