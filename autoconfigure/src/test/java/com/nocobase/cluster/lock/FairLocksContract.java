package com.nocobase.cluster.lock;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What an adapter that is fair across instances promises besides {@link LocksContract}.
 */
public abstract class FairLocksContract {

	private static final LockOptions OPTIONS = LockOptions.DEFAULTS.withTtl(Duration.ofSeconds(20));

	private final String key = UUID.randomUUID().toString();

	private final List<ConfigurableApplicationContext> instances = new ArrayList<>();

	private final ExecutorService threads = Executors.newCachedThreadPool();

	protected abstract ConfigurableApplicationContext start(String... properties);

	private LockManager locks() {
		ConfigurableApplicationContext instance = start();
		this.instances.add(instance);
		return instance.getBean(LockManager.class);
	}

	@AfterEach
	void stopInstances() {
		this.threads.shutdownNow();
		this.instances.forEach(ConfigurableApplicationContext::close);
	}

	@Test
	void waitersOfAllInstancesAreServedInOrder() throws Exception {
		List<LockManager> managers = List.of(locks(), locks(), locks());
		Lease first = managers.get(0).acquire(this.key, OPTIONS);
		List<Integer> order = Collections.synchronizedList(new ArrayList<>());
		List<Future<?>> waiters = new ArrayList<>();

		for (int i = 0; i < 9; i++) {
			int number = i;
			LockManager locks = managers.get(i % 3);
			waiters.add(waiting(() -> locks.runExclusive(this.key, OPTIONS, () -> order.add(number))));
		}
		first.release();
		for (Future<?> waiter : waiters) {
			waiter.get(10, TimeUnit.SECONDS);
		}

		assertThat(order).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8);
	}

	@Test
	void whoGivesBackAndAsksAgainStandsBehindTheWaiters() throws Exception {
		LockManager one = locks();
		LockManager two = locks();
		Lease held = one.acquire(this.key, OPTIONS);
		AtomicInteger turns = new AtomicInteger();

		Future<Integer> waiter = waiting(
				() -> two.<Integer, RuntimeException>runExclusive(this.key, OPTIONS, turns::incrementAndGet));
		held.release();
		int again = one.<Integer, RuntimeException>runExclusive(this.key, OPTIONS, turns::incrementAndGet);

		assertThat(waiter.get(10, TimeUnit.SECONDS)).isOne();
		assertThat(again).isEqualTo(2);
	}

	@Test
	void whoDoesNotWaitDoesNotOvertake() throws Exception {
		LockManager one = locks();
		LockManager two = locks();
		LockManager three = locks();
		Lease held = one.acquire(this.key, OPTIONS);

		Future<Lease> waiter = waiting(() -> two.acquire(this.key, OPTIONS));
		held.release();

		assertThat(three.tryAcquire(this.key, OPTIONS)).isEmpty();
		assertThat(waiter.get(10, TimeUnit.SECONDS).isHeld()).isTrue();
	}

	private <T> Future<T> waiting(Callable<T> body) {
		CompletableFuture<Thread> thread = new CompletableFuture<>();
		Future<T> future = this.threads.submit(() -> {
			thread.complete(Thread.currentThread());
			return body.call();
		});
		awaitQueued(thread.join());
		return future;
	}

	private static void awaitQueued(Thread thread) {
		// Longer than a round trip, in which it waits as well.
		await().pollInterval(Duration.ofMillis(5))
			.during(Duration.ofMillis(100))
			.until(() -> thread.getState() == Thread.State.WAITING || thread.getState() == Thread.State.TIMED_WAITING);
	}

}
