package com.nocobase.cluster.queue;

import java.time.Clock;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;
import org.springframework.util.unit.DataSize;
import tools.jackson.databind.json.JsonMapper;

import com.nocobase.cluster.autoconfigure.ClusterAutoConfiguration;
import com.nocobase.cluster.autoconfigure.QueueAutoConfiguration;
import com.nocobase.cluster.message.Instance;
import com.nocobase.cluster.message.JsonCodec;
import com.nocobase.cluster.message.MessageCodec;

/**
 * The queue in memory beside its bare limit, a blocking queue with eight threads that do
 * the same JSON work.
 */
@State(Scope.Benchmark)
@SuppressWarnings("NullAway.Init") // by the setup
public class QueueBenchmark {

	private static final int BATCH = 1_000;

	private static final Work WORK = new Work("benchmark", 42, "a payload of usual size, with some text in it");

	private final Semaphore done = new Semaphore(0);

	private final MessageCodec codec = new MessageCodec(
			new JsonCodec(JsonMapper.builder().build(), DataSize.ofMegabytes(1)), new Instance("bench", "1"),
			Clock.systemUTC());

	private final BlockingQueue<byte[]> bare = new LinkedBlockingQueue<>();

	private final ThreadPoolTaskExecutor executor = new ThreadPoolTaskExecutor();

	private final AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();

	private EventQueue queue;

	@Setup(Level.Trial)
	public void start() {
		this.executor.setCorePoolSize(8);
		this.executor.initialize();
		for (int i = 0; i < 8; i++) {
			this.executor.execute(this::workBare);
		}
		TestPropertyValues.of("nocobase.cluster.name=bench").applyTo(this.context);
		this.context.register(ClusterAutoConfiguration.class, QueueAutoConfiguration.class);
		this.context.refresh();
		this.queue = this.context.getBean(EventQueue.class);
		this.queue.subscribe("work", Work.class, QueueOptions.DEFAULTS.withConcurrency(8),
				(task, run) -> this.done.release());
	}

	@TearDown(Level.Trial)
	public void stop() {
		this.executor.shutdown();
		this.context.close();
	}

	@Benchmark
	@OperationsPerInvocation(BATCH)
	@BenchmarkMode(Mode.Throughput)
	@OutputTimeUnit(TimeUnit.SECONDS)
	public void throughput() throws InterruptedException {
		for (int i = 0; i < BATCH; i++) {
			this.queue.publish("work", WORK);
		}
		this.done.acquire(BATCH);
	}

	@Benchmark
	@OperationsPerInvocation(BATCH)
	@BenchmarkMode(Mode.Throughput)
	@OutputTimeUnit(TimeUnit.SECONDS)
	public void throughputOfBareLimit() throws InterruptedException {
		for (int i = 0; i < BATCH; i++) {
			publishBare();
		}
		this.done.acquire(BATCH);
	}

	@Benchmark
	@BenchmarkMode(Mode.SampleTime)
	@OutputTimeUnit(TimeUnit.MICROSECONDS)
	public void latency(Idle idle) {
		this.queue.publish("work", WORK);
		awaitStart();
	}

	@Benchmark
	@BenchmarkMode(Mode.SampleTime)
	@OutputTimeUnit(TimeUnit.MICROSECONDS)
	public void latencyOfBareLimit(Idle idle) {
		publishBare();
		awaitStart();
	}

	private void awaitStart() {
		while (!this.done.tryAcquire()) {
			Thread.onSpinWait();
		}
	}

	private void publishBare() {
		this.bare.add(this.codec.encode(this.codec.wrap(WORK, Map.of())));
	}

	private void workBare() {
		try {
			while (true) {
				Work work = this.codec.read(this.codec.decode(this.bare.take()), Work.class);
				Objects.requireNonNull(work.name());
				this.done.release();
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * Lets the queue fall asleep before each invocation.
	 */
	@State(Scope.Thread)
	public static class Idle {

		@Setup(Level.Invocation)
		public void sleep() {
			LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(200));
		}

	}

	record Work(String name, int number, String text) {

	}

}
