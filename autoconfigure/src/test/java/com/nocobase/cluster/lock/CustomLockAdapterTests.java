package com.nocobase.cluster.lock;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.support.GenericApplicationContext;

import com.nocobase.cluster.autoconfigure.ClusterAutoConfiguration;
import com.nocobase.cluster.autoconfigure.LockAutoConfiguration;
import com.nocobase.cluster.support.Capability;
import com.nocobase.cluster.support.RefusingExecutor;
import com.nocobase.cluster.support.Signals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

class CustomLockAdapterTests {

	private static final LockOptions SHORT = LockOptions.DEFAULTS.withTtl(Duration.ofMillis(300));

	private final StubLockAdapter adapter = new StubLockAdapter();

	private final Map<String, Integer> counted = new ConcurrentHashMap<>();

	private final CountDownLatch never = new CountDownLatch(1);

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(ClusterAutoConfiguration.class, LockAutoConfiguration.class))
		.withBean("stubLockAdapter", StubLockAdapter.class, () -> this.adapter)
		.withBean(Signals.class, () -> (event, subject) -> this.counted.merge(event + "@" + subject, 1, Integer::sum))
		.withPropertyValues("nocobase.cluster.lock.adapter=stub");

	private void run(Consumer<LockManager> test) {
		this.runner.run((context) -> test.accept(context.getBean(LockManager.class)));
	}

	@Test
	void adapterWithoutTokensHasNoFencedManager() {
		this.runner.run((context) -> {
			assertThat(context).hasSingleBean(LockManager.class).doesNotHaveBean(FencedLockManager.class);
			assertThat(context.getBean(LockManager.class).acquire("a", SHORT)).isNotInstanceOf(FencedLease.class);
			assertThat(context.getBean(LockManager.class).tryAcquire("a", SHORT)).isEmpty();
			assertThat(context.getBean(LockManager.class)).isInstanceOfSatisfying(Capability.class, (capability) -> {
				assertThat(capability.name()).isEqualTo("lock");
				assertThat(capability.adapter()).isEqualTo("stub");
				assertThat(capability.health().up()).isTrue();
				assertThat(capability.health().details()).containsEntry("adapter", "stub").containsEntry("held", 1);
			});
		});
	}

	@Test
	void everyGrantIsGivenBackOnce() {
		run((locks) -> {
			locks.runExclusive("body", SHORT, () -> "done");
			Lease lease = locks.acquire("lease", SHORT);
			lease.release();
			lease.release();
			locks.acquire("lost", SHORT);
			locks.runExclusive("kept", SHORT.withAtLeast(Duration.ofHours(1)), () -> "done");

			await().untilAsserted(() -> assertThat(this.adapter.released).extracting(LockGrant::key)
				.containsExactlyInAnyOrder("body", "lease", "lost", "kept"));
			assertThat(this.adapter.kept).filteredOn((keep) -> !keep.isZero())
				.singleElement()
				.satisfies((keep) -> assertThat(keep).isGreaterThan(Duration.ofMinutes(59)));
		});
	}

	@Test
	void renewalThatHangsHoldsUpNoOtherLease() {
		this.adapter.onRenew = (grant) -> {
			if (grant.key().equals("hangs")) {
				awaitQuietly();
			}
		};
		run((locks) -> {
			assertThatExceptionOfType(LeaseLostException.class)
				.isThrownBy(() -> locks.runExclusive("hangs", SHORT, () -> this.never.await(10, TimeUnit.SECONDS)));
			AtomicInteger told = new AtomicInteger();
			locks.acquire("unused", SHORT).onLost(told::incrementAndGet);

			locks.runExclusive("body", SHORT.withTtl(Duration.ofSeconds(1)), () -> {
				await().pollDelay(Duration.ofMillis(1500)).until(() -> true);
				assertThat(told).hasValue(1);
			});
			this.never.countDown();
		});
	}

	@Test
	void renewalThatFailsIsTriedAgain() {
		AtomicInteger calls = new AtomicInteger();
		this.adapter.onRenew = (grant) -> {
			if (calls.incrementAndGet() % 2 != 0) {
				throw new IllegalStateException("server");
			}
		};
		run((locks) -> locks.runExclusive("body", LockOptions.DEFAULTS.withTtl(Duration.ofMillis(1500)),
				() -> await().pollDelay(Duration.ofSeconds(2)).until(() -> true)));

		assertThat(this.counted.get("lock.renewal-failed@stub")).isPositive();
		assertThat(this.counted).doesNotContainKey("lock.lost@stub");
	}

	@Test
	void renewalThatHasNoThreadIsTriedAgainAfterAPause() {
		RefusingExecutor executor = new RefusingExecutor();
		this.runner.withInitializer((context) -> executor.register((GenericApplicationContext) context))
			.run((context) -> context.getBean(LockManager.class)
				.runExclusive("body", LockOptions.DEFAULTS.withTtl(Duration.ofSeconds(3)), () -> {
					executor.refuse(true);
					await().until(() -> executor.refused() > 0);
					await().during(Duration.ofMillis(300)).until(() -> executor.refused() < 10);
					executor.refuse(false);
					await().pollDelay(Duration.ofSeconds(3)).until(() -> true);
				}));

		assertThat(this.counted).doesNotContainKey("lock.lost@stub");
	}

	@Test
	void renewalThatAlwaysFailsEndsInALoss() {
		this.adapter.onRenew = (grant) -> {
			throw new IllegalStateException("server");
		};
		run((locks) -> {
			assertThatExceptionOfType(LeaseLostException.class)
				.isThrownBy(() -> locks.runExclusive("body", SHORT, () -> this.never.await(10, TimeUnit.SECONDS)));
			Lease lease = locks.acquire("lease", SHORT);
			assertThatExceptionOfType(LockException.class).isThrownBy(() -> lease.extend(Duration.ofSeconds(1)))
				.havingRootCause()
				.withMessage("server");
			assertThat(lease.isHeld()).isTrue();
			assertThat(((Capability) locks).health().up()).isFalse();
		});

		assertThat(this.counted).containsEntry("lock.lost@stub", 2);
	}

	@Test
	void leaseThatTheServerForgotIsLostAtTheNextRenewal() {
		run((locks) -> {
			assertThatExceptionOfType(LeaseLostException.class).isThrownBy(
					() -> locks.runExclusive("body", LockOptions.DEFAULTS.withTtl(Duration.ofSeconds(2)), () -> {
						this.adapter.held.clear();
						return this.never.await(10, TimeUnit.SECONDS);
					}))
				.withMessageContaining("no longer has it");
			Lease lease = locks.acquire("lease", SHORT);
			this.adapter.held.clear();
			assertThatExceptionOfType(LeaseLostException.class).isThrownBy(() -> lease.extend(Duration.ofSeconds(1)));
		});
	}

	@Test
	void timeOfALeaseCountsFromBeforeItWasAskedFor() {
		this.adapter.grantTakes = Duration.ofMillis(400);
		run((locks) -> {
			assertThatExceptionOfType(LeaseLostException.class).isThrownBy(() -> locks.acquire("late", SHORT));
			await().untilAsserted(() -> assertThat(this.adapter.held).isEmpty());
			Lease lease = locks.acquire("lease", SHORT.withTtl(Duration.ofSeconds(5)));
			assertThat(lease.remaining()).isLessThanOrEqualTo(Duration.ofMillis(4600));
		});
	}

	@Test
	void failureOfTheServerIsALockException() {
		StubLockAdapter broken = new StubLockAdapter() {

			@Override
			public void release(LockGrant grant, Duration keep) {
				throw new IllegalStateException("release");
			}

		};
		this.runner.withBean("brokenLockAdapter", LockAdapter.class, () -> broken)
			.withPropertyValues("nocobase.cluster.lock.adapter=broken")
			.run((context) -> {
				LockManager locks = context.getBean(LockManager.class);
				assertThat(locks.<String, RuntimeException>runExclusive("body", SHORT, () -> "done")).isEqualTo("done");
			});
		assertThat(this.counted).containsEntry("lock.release-failed@broken", 1);

		this.runner
			.withBean("deadLockAdapter", LockAdapter.class,
					() -> new FailingLockAdapter(new IllegalStateException("server")))
			.withPropertyValues("nocobase.cluster.lock.adapter=dead")
			.run((context) -> assertThatExceptionOfType(LockException.class)
				.isThrownBy(() -> context.getBean(LockManager.class).acquire("key", SHORT))
				.withMessageContaining("key")
				.havingRootCause()
				.withMessage("server"));
	}

	private void awaitQuietly() {
		try {
			this.never.await(10, TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private static final class FailingLockAdapter extends StubLockAdapter {

		private final RuntimeException failure;

		FailingLockAdapter(RuntimeException failure) {
			this.failure = failure;
		}

		@Override
		public Optional<LockGrant> acquire(LockRequest request) {
			throw this.failure;
		}

	}

}
