package com.nocobase.cluster.queue;

import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

/**
 * One subscription: what to do with the tasks of a channel, over all starts and stops.
 *
 * @param <T> the type of the tasks
 */
final class SubscribedChannel<T> implements QueueSubscription {

	private final String scoped;

	private final String channel;

	private final QueueOptions options;

	private final QueueResources resources;

	private final RunningTasks running;

	private final Settlement settlement;

	private final TaskRunner<T> runner;

	private final Predicate<String> serving;

	private final Consumer<SubscribedChannel<?>> closed;

	/** Guards the fields below. */
	private final ReentrantLock lock = new ReentrantLock();

	private int concurrency;

	private @Nullable TaskPump pump;

	private boolean ended;

	SubscribedChannel(String scoped, String channel, Class<T> type, QueueOptions options,
			TaskHandler<? super T> handler, QueueResources resources, RunningTasks running, Predicate<String> serving,
			Consumer<SubscribedChannel<?>> closed) {
		this.scoped = scoped;
		this.channel = channel;
		this.options = options;
		this.resources = resources;
		this.running = running;
		this.settlement = new Settlement(channel, resources.signals(), resources.properties().publishTimeout());
		this.runner = new TaskRunner<>(resources, type, options.timeout(), handler, this.settlement);
		this.serving = serving;
		this.closed = closed;
		this.concurrency = bounded(options.concurrency());
	}

	String scoped() {
		return this.scoped;
	}

	TaskRunner<T> runner() {
		return this.runner;
	}

	Settlement settlement() {
		return this.settlement;
	}

	/**
	 * Creates the gate of this subscription.
	 * @param asked called when the answer may have changed
	 * @return the gate, or {@code null} if tasks are always taken
	 */
	@Nullable Gate gate(Runnable asked) {
		String key = this.options.serving();
		BooleanSupplier idle = this.options.idle();
		if (key == null && idle == QueueOptions.DEFAULTS.idle()) {
			return null;
		}
		BooleanSupplier condition = () -> (key == null || this.serving.test(key)) && idle.getAsBoolean();
		return new Gate(this.channel, condition, asked, this.resources.runtime(), this.resources.signals());
	}

	void start() {
		this.lock.lock();
		try {
			if (this.pump == null && !this.ended) {
				this.pump = new TaskPump(this, this.concurrency, this.resources, this.running);
				this.pump.start();
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	void stop() {
		this.lock.lock();
		try {
			if (this.pump != null) {
				this.pump.close();
				this.pump = null;
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	boolean isHanging() {
		this.lock.lock();
		try {
			return this.pump != null && this.pump.isHanging();
		}
		finally {
			this.lock.unlock();
		}
	}

	@Override
	public void concurrency(int concurrency) {
		this.lock.lock();
		try {
			this.concurrency = bounded(concurrency);
			if (this.pump != null) {
				this.pump.limit(this.concurrency);
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	@Override
	public int concurrency() {
		this.lock.lock();
		try {
			return this.concurrency;
		}
		finally {
			this.lock.unlock();
		}
	}

	@Override
	public void close() {
		this.lock.lock();
		try {
			this.ended = true;
			stop();
		}
		finally {
			this.lock.unlock();
		}
		this.closed.accept(this);
	}

	@Override
	public String toString() {
		return "queue subscription of '" + this.channel + "'";
	}

	private int bounded(int wanted) {
		int max = this.resources.properties().maxConcurrency();
		return (wanted <= 0) ? max : Math.min(wanted, max);
	}

}
