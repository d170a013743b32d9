package com.nocobase.cluster.support;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Delayed;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import org.jspecify.annotations.Nullable;
import org.springframework.core.task.AsyncTaskExecutor;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.scheduling.TaskScheduler;
import org.springframework.scheduling.Trigger;

/**
 * Time that stands still until a test moves it. Timers fire on the thread that moves it.
 */
public final class ManualTime implements TaskScheduler {

	private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - Duration.ofSeconds(1).toNanos());

	private final List<Timer> timers = new CopyOnWriteArrayList<>();

	private final Clock clock = Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);

	public ClusterRuntime runtime() {
		return runtime(new SimpleAsyncTaskExecutor("test-"));
	}

	public ClusterRuntime runtime(AsyncTaskExecutor executor) {
		return new ClusterRuntime(executor, this, this.clock, this.nanos::get);
	}

	/**
	 * Moves the time in steps of a millisecond and fires what is due.
	 * @param duration how far
	 */
	public void advance(Duration duration) {
		for (long i = 0; i < duration.toMillis(); i++) {
			this.nanos.addAndGet(1_000_000);
			this.timers.stream()
				.filter((timer) -> timer.at - this.nanos.get() <= 0)
				.sorted(Comparator.comparingLong((timer) -> timer.at - this.nanos.get()))
				.forEach(this::fire);
		}
	}

	/**
	 * Returns how many timers are armed.
	 * @return the number
	 */
	public int armed() {
		return this.timers.size();
	}

	private void fire(Timer timer) {
		if (this.timers.remove(timer)) {
			timer.run();
		}
	}

	@Override
	public Clock getClock() {
		return this.clock;
	}

	@Override
	public ScheduledFuture<?> schedule(Runnable task, Instant startTime) {
		Timer timer = new Timer(task, this.nanos.get() + Duration.between(Instant.EPOCH, startTime).toNanos());
		this.timers.add(timer);
		return timer;
	}

	@Override
	public @Nullable ScheduledFuture<?> schedule(Runnable task, Trigger trigger) {
		throw new UnsupportedOperationException();
	}

	@Override
	public ScheduledFuture<?> scheduleAtFixedRate(Runnable task, Instant startTime, Duration period) {
		throw new UnsupportedOperationException();
	}

	@Override
	public ScheduledFuture<?> scheduleAtFixedRate(Runnable task, Duration period) {
		throw new UnsupportedOperationException();
	}

	@Override
	public ScheduledFuture<?> scheduleWithFixedDelay(Runnable task, Instant startTime, Duration delay) {
		throw new UnsupportedOperationException();
	}

	@Override
	public ScheduledFuture<?> scheduleWithFixedDelay(Runnable task, Duration delay) {
		throw new UnsupportedOperationException();
	}

	private final class Timer extends FutureTask<@Nullable Object> implements ScheduledFuture<@Nullable Object> {

		private final long at;

		Timer(Runnable task, long at) {
			super(task, null);
			this.at = at;
		}

		@Override
		public boolean cancel(boolean mayInterruptIfRunning) {
			ManualTime.this.timers.remove(this);
			return super.cancel(mayInterruptIfRunning);
		}

		@Override
		public long getDelay(TimeUnit unit) {
			return unit.convert(this.at - ManualTime.this.nanos.get(), TimeUnit.NANOSECONDS);
		}

		@Override
		public int compareTo(Delayed other) {
			return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
		}

	}

}
