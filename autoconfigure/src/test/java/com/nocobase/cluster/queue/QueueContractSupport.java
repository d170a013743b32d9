package com.nocobase.cluster.queue;

import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

import com.nocobase.cluster.worker.WorkerMode;

/**
 * What the contract tests of the event queue share.
 */
@Timeout(30)
public abstract class QueueContractSupport {

	static final TaskOptions RETRY_SOON = TaskOptions.DEFAULTS.withMaxRetries(2)
		.withBackoff(Backoff.fixed(Duration.ofMillis(20)));

	/** All applications on a server meet in it, those of other tests too. */
	final String shared = "work-" + UUID.randomUUID();

	/** Lets go whoever hangs, at the end of the test at the latest. */
	final CountDownLatch release = new CountDownLatch(1);

	QueueCluster cluster;

	protected abstract QueueTestBroker broker();

	@BeforeEach
	void createCluster() {
		this.cluster = new QueueCluster(broker());
	}

	@AfterEach
	void closeCluster() {
		this.release.countDown();
		this.cluster.close();
	}

	static ConditionFactory await() {
		return Awaitility.await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(5));
	}

	static Queue<String> collect(QueueNode node, String channel) {
		Queue<String> done = new ConcurrentLinkedQueue<>();
		node.queue().subscribe(channel, Work.class, (task, context) -> done.add(task.name()));
		return done;
	}

	static void assertNothingMore(Queue<?> events, int size) {
		await().during(Duration.ofMillis(120)).atMost(Duration.ofSeconds(2)).until(() -> events.size() == size);
	}

	static void assertStays(AtomicInteger number, int value) {
		await().during(Duration.ofMillis(120)).atMost(Duration.ofSeconds(2)).until(() -> number.get() == value);
	}

	static void pause(Duration time) {
		long end = System.nanoTime() + time.toNanos();
		long left = time.toNanos();
		while (left > 0) {
			LockSupport.parkNanos(left);
			left = end - System.nanoTime();
		}
	}

	static void awaitDeaf(CountDownLatch latch) {
		boolean open = false;
		while (!open) {
			try {
				open = latch.await(20, TimeUnit.SECONDS);
			}
			catch (InterruptedException ex) {
				// That is what deaf means.
			}
		}
	}

	record Work(String name) {

	}

	record Other(int number) {

	}

	record OneKey(String key, AtomicBoolean served) implements WorkerMode {

		@Override
		public boolean serving() {
			return true;
		}

		@Override
		public boolean serving(String asked) {
			return asked.equals(this.key) && this.served.get();
		}

		@Override
		public Map<String, Boolean> known() {
			return Map.of();
		}

	}

}
