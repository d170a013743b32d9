package com.nocobase.cluster.support;

import java.time.Clock;
import java.util.concurrent.atomic.AtomicInteger;

import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.core.task.TaskRejectedException;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

/**
 * An executor that has no thread as long as a test wants it so, and says so in turn as an
 * executor and as the virtual machine does.
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
			if (this.refusals.incrementAndGet() % 2 == 0) {
				throw new OutOfMemoryError("expected by the test: unable to create native thread");
			}
			throw new TaskRejectedException("expected by the test");
		}
		super.doExecute(task);
	}

}
