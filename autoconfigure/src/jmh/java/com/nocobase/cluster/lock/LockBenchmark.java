package com.nocobase.cluster.lock;

import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;

import com.nocobase.cluster.autoconfigure.ClusterAutoConfiguration;
import com.nocobase.cluster.autoconfigure.LockAutoConfiguration;

/**
 * An uncontended body under a local lock, beside what it cannot do without: a lock, and a
 * timer that ends it.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class LockBenchmark {

	private static final Duration TTL = Duration.ofSeconds(30);

	private final ReentrantLock bare = new ReentrantLock();

	private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);

	private final AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext(
			ClusterAutoConfiguration.class, LockAutoConfiguration.class);

	private final LockManager locks = this.context.getBean(LockManager.class);

	private int counter;

	/** As ours does, and so that no cancelled timer piles up. */
	@Setup
	public void removeCancelled() {
		this.timer.setRemoveOnCancelPolicy(true);
	}

	/** Ends the threads. */
	@TearDown
	public void close() {
		this.timer.shutdownNow();
		this.context.close();
	}

	/**
	 * The limit.
	 * @return the counter
	 */
	@Benchmark
	public int reentrantLockAndTimer() {
		this.bare.lock();
		ScheduledFuture<?> end = this.timer.schedule(() -> {
		}, TTL.toNanos(), TimeUnit.NANOSECONDS);
		try {
			return ++this.counter;
		}
		finally {
			end.cancel(false);
			this.bare.unlock();
		}
	}

	/**
	 * Ours.
	 * @return the counter
	 */
	@Benchmark
	public int runExclusive() {
		return this.locks.<Integer, RuntimeException>runExclusive("benchmark", TTL, () -> ++this.counter);
	}

}
