package com.nocobase.cluster.lock;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What an adapter with fencing tokens promises besides {@link LocksContract}.
 */
public abstract class FencedLocksContract {

	private static final LockOptions OPTIONS = LockOptions.DEFAULTS.withTtl(Duration.ofSeconds(20));

	private final String key = UUID.randomUUID().toString();

	private final List<ConfigurableApplicationContext> instances = new ArrayList<>();

	protected abstract ConfigurableApplicationContext start(String... properties);

	protected abstract void crash(ConfigurableApplicationContext instance);

	protected final ConfigurableApplicationContext instance(String... properties) {
		ConfigurableApplicationContext instance = start(properties);
		this.instances.add(instance);
		return instance;
	}

	@AfterEach
	void stopInstances() {
		this.instances.forEach(ConfigurableApplicationContext::close);
	}

	@Test
	void tokenRisesWithEveryGrant() {
		List<FencedLockManager> managers = List.of(locks(), locks(), locks());
		List<Long> tokens = new ArrayList<>();

		for (int i = 0; i < 30; i++) {
			try (FencedLease lease = managers.get(i % 3).acquire(this.key, OPTIONS)) {
				tokens.add(lease.token());
			}
		}

		assertThat(tokens).isSorted().doesNotHaveDuplicates().allMatch((token) -> token > 0);
	}

	@Test
	void tokenRisesOverExpiryAndCrash() {
		ConfigurableApplicationContext one = instance();
		FencedLockManager two = locks();
		LockOptions brief = LockOptions.DEFAULTS.withTtl(Duration.ofMillis(500));

		long first = one.getBean(FencedLockManager.class).acquire(this.key, brief).token();
		long second = one.getBean(FencedLockManager.class).acquire(this.key, brief).token();
		crash(one);
		long third = two.acquire(this.key, OPTIONS).token();

		assertThat(List.of(first, second, third)).isSorted().doesNotHaveDuplicates();
	}

	@Test
	void tokenOfALeaseStays() {
		FencedLockManager locks = locks();
		FencedLease lease = locks.tryAcquireFenced(this.key, OPTIONS).orElseThrow();
		long token = lease.token();

		lease.extend(Duration.ofSeconds(30));
		assertThat(locks.tryAcquireFenced(this.key, OPTIONS)).isEmpty();
		lease.release();

		assertThat(lease.token()).isEqualTo(token);
	}

	@Test
	void bodySeesItsToken() {
		FencedLockManager locks = locks();
		long before = locks.<Long, RuntimeException>runFenced(this.key, OPTIONS, FencedLease::token);

		long after = locks.<Long, RuntimeException>runFenced(this.key, OPTIONS, FencedLease::token);

		assertThat(after).isGreaterThan(before);
		assertThat(locks.tryAcquire(this.key, OPTIONS)).isPresent();
	}

	@Test
	void bodyMayGiveBackEarly() {
		FencedLockManager locks = locks();

		boolean free = locks.<Boolean, RuntimeException>runFenced(this.key, OPTIONS, (lease) -> {
			lease.release();
			return locks.tryAcquire(this.key, OPTIONS).isPresent();
		});

		assertThat(free).isTrue();
		assertThat(locks.tryAcquire(this.key, OPTIONS)).isEmpty();
	}

	private FencedLockManager locks() {
		return instance().getBean(FencedLockManager.class);
	}

}
