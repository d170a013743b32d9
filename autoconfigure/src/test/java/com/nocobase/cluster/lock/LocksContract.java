package com.nocobase.cluster.lock;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

/**
 * What every lock adapter promises, on one, two and three instances.
 */
public abstract class LocksContract {

	protected static final LockOptions OPTIONS = LockOptions.DEFAULTS.withTtl(Duration.ofSeconds(20));

	protected static final LockOptions SHORT = LockOptions.DEFAULTS.withTtl(Duration.ofMillis(300));

	/** Long enough for a renewal on a busy machine. */
	private static final LockOptions RENEWED = LockOptions.DEFAULTS.withTtl(Duration.ofSeconds(1));

	/** What an adapter that polls may take longer than asked. */
	private static final Duration POLL = Duration.ofMillis(500);

	protected final String key = UUID.randomUUID().toString();

	private final List<ConfigurableApplicationContext> instances = new ArrayList<>();

	private final ExecutorService threads = Executors.newCachedThreadPool();

	/**
	 * Starts an instance that is connected to those started before.
	 * @param properties what to configure besides the adapter
	 * @return the instance
	 */
	protected abstract ConfigurableApplicationContext start(String... properties);

	/**
	 * Treats an instance as if its process had been killed.
	 * @param instance the instance
	 */
	protected abstract void crash(ConfigurableApplicationContext instance);

	protected final ConfigurableApplicationContext instance(String... properties) {
		ConfigurableApplicationContext instance = start(properties);
		this.instances.add(instance);
		return instance;
	}

	protected final LockManager locks(String... properties) {
		return instance(properties).getBean(LockManager.class);
	}

	protected final <T> Future<T> run(Callable<T> body) {
		return this.threads.submit(body);
	}

	@AfterEach
	void stopInstances() {
		this.threads.shutdownNow();
		this.instances.forEach(ConfigurableApplicationContext::close);
	}

	@Test
	void heldLockIsRefusedToAllOthers() {
		LockManager one = locks();
		LockManager two = locks();
		LockManager three = locks();

		try (Lease lease = one.acquire(this.key, OPTIONS)) {
			assertThat(lease.key()).isEqualTo(this.key);
			assertThat(lease.isHeld()).isTrue();
			assertThat(lease.remaining()).isPositive().isLessThanOrEqualTo(Duration.ofSeconds(20));
			assertThat(one.tryAcquire(this.key, OPTIONS)).isEmpty();
			assertThat(two.tryAcquire(this.key, OPTIONS)).isEmpty();
			assertThat(three.tryAcquire(this.key, OPTIONS)).isEmpty();
			assertThat(two.tryAcquire(this.key + "-other", OPTIONS)).isPresent();
		}

		assertThat(two.tryAcquire(this.key, OPTIONS)).isPresent();
		assertThat(one.tryAcquire(this.key, OPTIONS)).isEmpty();
	}

	/** L1, L5. */
	@Test
	void unusedLeaseExpires() {
		LockManager one = locks();
		LockManager two = locks();
		AtomicInteger losses = new AtomicInteger();
		Lease lease = one.acquire(this.key, SHORT);
		lease.onLost(losses::incrementAndGet);

		Lease next = two.acquire(this.key, OPTIONS.withMaxWait(Duration.ofSeconds(5)));

		assertThat(next.isHeld()).isTrue();
		assertThat(lease.isHeld()).isFalse();
		assertThat(lease.remaining()).isZero();
		assertThatExceptionOfType(LeaseLostException.class).isThrownBy(() -> lease.extend(Duration.ofSeconds(1)))
			.withMessageContaining(this.key);
		await().untilAsserted(() -> assertThat(losses).hasValue(1));
	}

	/** L4. */
	@Test
	void waitsNoLongerThanAsked() {
		LockManager one = locks();
		LockManager two = locks("nocobase.cluster.lock.max-wait=200ms");
		Duration asked = Duration.ofMillis(200);
		one.acquire(this.key, OPTIONS);

		for (LockOptions options : List.of(OPTIONS.withMaxWait(asked), OPTIONS)) {
			long start = System.nanoTime();
			assertThatExceptionOfType(LockTimeoutException.class).isThrownBy(() -> two.acquire(this.key, options))
				.isInstanceOf(LockException.class)
				.withMessageContaining(this.key);
			assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(asked, asked.plus(POLL));
		}
		assertThat(two.tryAcquire(this.key, OPTIONS.withMaxWait(asked))).isEmpty();
		assertThatExceptionOfType(LockTimeoutException.class)
			.isThrownBy(() -> two.runExclusive(this.key, OPTIONS.withMaxWait(Duration.ZERO), () -> "never"));
	}

	@Test
	void waiterIsServedWhenTheHolderGivesBack() throws Exception {
		Lease lease = locks().acquire(this.key, OPTIONS);
		LockManager two = locks();

		Future<Lease> waiter = run(() -> two.acquire(this.key, OPTIONS));
		await().during(Duration.ofMillis(100)).until(() -> !waiter.isDone());
		lease.release();

		assertThat(waiter.get(5, TimeUnit.SECONDS).isHeld()).isTrue();
	}

	@Test
	void waitingCanBeInterrupted() throws Exception {
		LockManager locks = locks();
		locks.acquire(this.key, OPTIONS);
		CompletableFuture<Thread> thread = new CompletableFuture<>();

		Future<Boolean> interrupted = run(() -> {
			thread.complete(Thread.currentThread());
			assertThatExceptionOfType(LockException.class).isThrownBy(() -> locks.acquire(this.key, OPTIONS))
				.withCauseInstanceOf(InterruptedException.class);
			return Thread.currentThread().isInterrupted();
		});
		awaitWaiting(thread.join());
		thread.join().interrupt();

		assertThat(interrupted.get(5, TimeUnit.SECONDS)).isTrue();
	}

	@Test
	void waitersOfAProcessAreServedInOrder() throws Exception {
		LockManager locks = locks();
		Lease first = locks.acquire(this.key, OPTIONS);
		List<Integer> order = Collections.synchronizedList(new ArrayList<>());
		List<Future<?>> waiters = new ArrayList<>();

		for (int i = 0; i < 8; i++) {
			int number = i;
			CompletableFuture<Thread> thread = new CompletableFuture<>();
			waiters.add(run(() -> {
				thread.complete(Thread.currentThread());
				return locks.runExclusive(this.key, OPTIONS, () -> order.add(number));
			}));
			awaitWaiting(thread.join());
		}
		first.release();
		for (Future<?> waiter : waiters) {
			waiter.get(5, TimeUnit.SECONDS);
		}

		assertThat(order).containsExactly(0, 1, 2, 3, 4, 5, 6, 7);
	}

	@Test
	void whoGaveUpWaitingLeavesNothingBehind() throws Exception {
		LockManager locks = locks();
		Lease first = locks.acquire(this.key, OPTIONS);

		assertThat(locks.tryAcquire(this.key, OPTIONS.withMaxWait(Duration.ofMillis(50)))).isEmpty();
		first.release();

		assertThat(locks.tryAcquire(this.key, OPTIONS)).isPresent();
	}

	@Test
	void anyThreadGivesBack() throws Exception {
		LockManager locks = locks();
		Lease lease = locks.acquire(this.key, OPTIONS);

		run(() -> {
			lease.release();
			lease.close();
			return true;
		}).get(5, TimeUnit.SECONDS);

		assertThat(lease.isHeld()).isFalse();
		assertThat(locks.tryAcquire(this.key, OPTIONS)).isPresent();
		assertThatIllegalStateException().isThrownBy(() -> lease.extend(Duration.ofSeconds(1)));
	}

	@Test
	void lateReleaseLeavesTheNextHolderAlone() {
		LockManager one = locks();
		LockManager two = locks();
		Lease late = one.acquire(this.key, SHORT);
		Lease next = two.acquire(this.key, OPTIONS);

		late.release();
		late.release();

		assertThat(next.isHeld()).isTrue();
		assertThat(one.tryAcquire(this.key, OPTIONS)).isEmpty();
	}

	@Test
	void extendedLeaseLastsLonger() {
		LockManager one = locks();
		LockManager two = locks();
		Lease lease = one.acquire(this.key, RENEWED);

		lease.extend(Duration.ofSeconds(20));

		assertThat(lease.remaining()).isGreaterThan(Duration.ofSeconds(10));
		assertThat(two.tryAcquire(this.key, OPTIONS.withMaxWait(Duration.ofMillis(1200)))).isEmpty();
		assertThat(lease.isHeld()).isTrue();
	}

	@Test
	void resultAndFailureOfABodyReachTheCaller() {
		LockManager locks = locks();

		assertThat(locks.<String, RuntimeException>runExclusive(this.key, Duration.ofSeconds(20), () -> "done"))
			.isEqualTo("done");
		assertThatExceptionOfType(IOException.class)
			.isThrownBy(() -> locks.runExclusive(this.key, Duration.ofSeconds(20), () -> {
				throw new IOException("body");
			}))
			.withMessage("body");
		assertThat(locks.tryAcquire(this.key, OPTIONS)).isPresent();
	}

	/** L2, L3. */
	@Test
	void bodyIsRenewedWhileItRuns() {
		LockManager one = locks();
		LockManager two = locks();

		Optional<Lease> other = one.runExclusive(this.key, RENEWED,
				() -> two.tryAcquire(this.key, OPTIONS.withMaxWait(Duration.ofMillis(1500))));

		assertThat(other).isEmpty();
		assertThat(two.tryAcquire(this.key, OPTIONS)).isPresent();
	}

	/** L1, L2. */
	@Test
	void hungBodyLosesItsLeaseAtMaxHold() {
		LockManager one = locks();
		LockManager two = locks();
		CountDownLatch never = new CountDownLatch(1);

		long start = System.nanoTime();
		assertThatExceptionOfType(LeaseLostException.class)
			.isThrownBy(() -> one.runExclusive(this.key, RENEWED.withMaxHold(Duration.ofMillis(1300)),
					() -> never.await(20, TimeUnit.SECONDS)))
			.withMessageContaining(this.key)
			.satisfies((ex) -> assertThat(ex.getSuppressed()).hasExactlyElementsOfTypes(InterruptedException.class));

		assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(Duration.ofMillis(1250),
				Duration.ofSeconds(5));
		assertThat(Thread.currentThread().isInterrupted()).isFalse();
		assertThat(two.acquire(this.key, OPTIONS).isHeld()).isTrue();
	}

	@Test
	void interruptOfALossNeverOutlivesItsBody() {
		LockManager locks = locks();

		assertThatExceptionOfType(LeaseLostException.class).isThrownBy(() -> locks.runExclusive(this.key,
				SHORT.withMaxHold(Duration.ofMillis(1)), () -> awaitInterrupt(Thread.currentThread())));

		assertThat(Thread.currentThread().isInterrupted()).isFalse();
	}

	@Test
	void interruptFromElsewhereIsKept() throws Exception {
		LockManager locks = locks();

		Future<Boolean> kept = run(() -> {
			try {
				locks.runExclusive(this.key, SHORT.withMaxHold(Duration.ofMillis(1)), () -> {
					Thread.currentThread().interrupt();
					while (locks.tryAcquire(this.key, SHORT).isEmpty()) {
						Thread.onSpinWait();
					}
				});
			}
			catch (LeaseLostException ex) {
				return Thread.currentThread().isInterrupted();
			}
			throw new AssertionError("The lease was not lost");
		});

		assertThat(kept.get(5, TimeUnit.SECONDS)).isTrue();
	}

	@Test
	void callbacksOfALossHarmNobody() {
		LockManager locks = locks();
		CountDownLatch never = new CountDownLatch(1);
		AtomicInteger told = new AtomicInteger();
		Lease lease = locks.acquire(this.key, SHORT);
		lease.onLost(() -> {
			throw new IllegalStateException("callback");
		});
		lease.onLost(() -> awaitQuietly(never));
		lease.onLost(told::incrementAndGet);
		Lease other = locks.acquire(this.key + "-other", SHORT);
		other.onLost(told::incrementAndGet);

		await().untilAsserted(() -> assertThat(told).hasValue(2));
		lease.onLost(told::incrementAndGet);
		await().untilAsserted(() -> assertThat(told).hasValue(3));

		never.countDown();
		assertThat(locks.tryAcquire(this.key, OPTIONS)).isPresent();
	}

	@Test
	void callbackIsNotCalledAfterTheLeaseWasGivenBack() {
		LockManager locks = locks();
		AtomicInteger told = new AtomicInteger();
		Lease lease = locks.acquire(this.key, SHORT);
		lease.onLost(told::incrementAndGet);
		lease.release();
		lease.onLost(told::incrementAndGet);

		await().during(Duration.ofMillis(500)).untilAsserted(() -> assertThat(told).hasValue(0));
	}

	@Test
	void lockIsKeptAtLeastAsLongAsAsked() {
		LockManager one = locks();
		LockManager two = locks();
		long start = System.nanoTime();

		one.runExclusive(this.key, OPTIONS.withAtLeast(Duration.ofMillis(600)), () -> "short");

		assertThat(two.tryAcquire(this.key, OPTIONS)).isEmpty();
		assertThat(one.tryAcquire(this.key, OPTIONS)).isEmpty();
		assertThat(two.acquire(this.key, OPTIONS).isHeld()).isTrue();
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(Duration.ofMillis(600),
				Duration.ofSeconds(5));
	}

	@Test
	void crashedHolderKeepsNobodyOut() {
		ConfigurableApplicationContext one = instance();
		LockManager two = locks();
		Lease lease = one.getBean(LockManager.class)
			.acquire(this.key, LockOptions.DEFAULTS.withTtl(Duration.ofMillis(800)));

		crash(one);

		assertThat(two.tryAcquire(this.key, OPTIONS)).isEmpty();
		Lease next = two.acquire(this.key, OPTIONS.withMaxWait(Duration.ofSeconds(5)));
		lease.release();
		assertThat(next.isHeld()).isTrue();
		assertThat(two.tryAcquire(this.key, OPTIONS)).isEmpty();
	}

	@Test
	void crashedBodyIsRenewedNoMore() throws Exception {
		ConfigurableApplicationContext one = instance();
		LockManager two = locks();
		CountDownLatch inside = new CountDownLatch(1);
		CountDownLatch never = new CountDownLatch(1);
		Future<?> body = run(() -> one.getBean(LockManager.class).runExclusive(this.key, SHORT, () -> {
			inside.countDown();
			return never.await(20, TimeUnit.SECONDS);
		}));
		assertThat(inside.await(20, TimeUnit.SECONDS)).isTrue();

		crash(one);

		assertThat(two.acquire(this.key, OPTIONS.withMaxWait(Duration.ofSeconds(5))).isHeld()).isTrue();
		assertThat(body).failsWithin(Duration.ofSeconds(5))
			.withThrowableThat()
			.withCauseInstanceOf(LeaseLostException.class);
	}

	@Test
	void crashedWaiterIsPassedOver() {
		ConfigurableApplicationContext one = instance();
		LockManager two = locks();
		Lease held = two.acquire(this.key, OPTIONS);
		Future<Lease> crashed = run(() -> one.getBean(LockManager.class).acquire(this.key, OPTIONS));
		await().during(Duration.ofMillis(100)).until(() -> !crashed.isDone());
		Future<Lease> waiter = run(() -> two.acquire(this.key, OPTIONS));
		await().during(Duration.ofMillis(100)).until(() -> !waiter.isDone());

		crash(one);
		held.release();

		assertThat(waiter).succeedsWithin(Duration.ofSeconds(5));
	}

	/** L6. */
	@Test
	void applicationsDoNotMeet() {
		LockManager crm = locks("nocobase.cluster.name=crm");
		LockManager shop = locks("nocobase.cluster.name=shop");

		assertThat(crm.tryAcquire(this.key, OPTIONS)).isPresent();
		assertThat(shop.tryAcquire(this.key, OPTIONS)).isPresent();
		assertThat(crm.tryAcquire(this.key, OPTIONS)).isEmpty();
	}

	@Test
	void leasesAreGivenBackOnTheWayDown() {
		ConfigurableApplicationContext one = instance();
		LockManager stopped = one.getBean(LockManager.class);
		LockManager two = locks();
		Lease lease = stopped.acquire(this.key, OPTIONS);
		AtomicInteger told = new AtomicInteger();
		lease.onLost(told::incrementAndGet);

		one.stop();

		assertThat(lease.isHeld()).isFalse();
		await().untilAsserted(() -> assertThat(told).hasValue(1));
		Lease next = two.acquire(this.key, OPTIONS.withMaxWait(Duration.ofSeconds(5)));
		assertThatExceptionOfType(LockException.class).isThrownBy(() -> stopped.acquire(this.key, OPTIONS))
			.withMessageContaining(this.key);
		one.start();
		next.release();
		assertThat(stopped.acquire(this.key, OPTIONS).isHeld()).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "  ", "\t\n" })
	void blankKeyIsRefused(String blank) {
		assertThatIllegalArgumentException().isThrownBy(() -> locks().acquire(blank, OPTIONS))
			.withMessageContaining("key");
	}

	@Test
	void badArgumentsAreRefused() {
		LockManager locks = locks();
		Lease lease = locks.acquire(this.key, OPTIONS);

		assertThatIllegalArgumentException().isThrownBy(() -> locks.tryAcquire("k".repeat(10_000), OPTIONS))
			.withMessageContaining("10000");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> locks.runExclusive("k", Duration.ofSeconds(-1), () -> "never"))
			.withMessageContaining("ttl")
			.withMessageContaining("PT-1S");
		assertThatIllegalArgumentException().isThrownBy(() -> LockOptions.DEFAULTS.withTtl(Duration.ZERO));
		assertThatIllegalArgumentException().isThrownBy(() -> LockOptions.DEFAULTS.withMaxWait(Duration.ofNanos(-1)));
		assertThatIllegalArgumentException().isThrownBy(() -> LockOptions.DEFAULTS.withMaxHold(Duration.ZERO));
		assertThatIllegalArgumentException().isThrownBy(() -> LockOptions.DEFAULTS.withAtLeast(Duration.ofNanos(-1)));
		assertThatIllegalArgumentException().isThrownBy(() -> lease.extend(Duration.ZERO)).withMessageContaining("ttl");
	}

	/** L8: the first calls come at once as well. */
	@Test
	void counterRaisedUnderTheLockLosesNothing() throws Exception {
		List<LockManager> managers = List.of(locks(), locks(), locks());
		int[] counter = new int[1];
		List<Future<?>> threads = new ArrayList<>();
		CountDownLatch go = new CountDownLatch(1);

		for (int i = 0; i < 9; i++) {
			LockManager locks = managers.get(i % managers.size());
			threads.add(run(() -> {
				go.await();
				for (int round = 0; round < 100; round++) {
					locks.runExclusive(this.key, Duration.ofSeconds(20), () -> {
						int seen = counter[0];
						Thread.onSpinWait();
						counter[0] = seen + 1;
					});
				}
				return true;
			}));
		}
		go.countDown();
		for (Future<?> thread : threads) {
			thread.get(30, TimeUnit.SECONDS);
		}

		assertThat(counter[0]).isEqualTo(900);
	}

	protected static void awaitWaiting(Thread thread) {
		await().pollInterval(Duration.ofMillis(5))
			.until(() -> thread.getState() == Thread.State.WAITING || thread.getState() == Thread.State.TIMED_WAITING);
	}

	private static boolean awaitInterrupt(Thread thread) {
		while (!thread.isInterrupted()) {
			Thread.onSpinWait();
		}
		return true;
	}

	private static void awaitQuietly(CountDownLatch latch) {
		try {
			latch.await(20, TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
