package com.nocobase.cluster.lock.registry;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.integration.support.locks.DefaultLockRegistry;
import org.springframework.integration.support.locks.LockRegistry;

import com.nocobase.cluster.autoconfigure.ClusterAutoConfiguration;
import com.nocobase.cluster.autoconfigure.LockAutoConfiguration;
import com.nocobase.cluster.lock.Lease;
import com.nocobase.cluster.lock.LockManager;
import com.nocobase.cluster.lock.LockOptions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A registry without a time to live, shared by two instances.
 */
class PlainRegistryLocksTests {

	private static final LockOptions OPTIONS = LockOptions.DEFAULTS.withTtl(Duration.ofSeconds(20));

	private static final LockOptions SHORT = LockOptions.DEFAULTS.withTtl(Duration.ofMillis(300));

	private final DefaultLockRegistry registry = new DefaultLockRegistry(0xFFFF);

	private final ConfigurableApplicationContext first = start();

	private final ConfigurableApplicationContext second = start();

	private final LockManager one = this.first.getBean(LockManager.class);

	private final LockManager two = this.second.getBean(LockManager.class);

	private ConfigurableApplicationContext start() {
		AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
		TestPropertyValues.of("nocobase.cluster.lock.adapter=plain").applyTo(context);
		context.registerBean("plain", LockRegistry.class, () -> this.registry);
		context.register(ClusterAutoConfiguration.class, LockAutoConfiguration.class);
		context.refresh();
		return context;
	}

	@AfterEach
	void stop() {
		this.first.close();
		this.second.close();
	}

	@Test
	void anyThreadGivesBack() throws Exception {
		Lease lease = this.one.acquire("key", OPTIONS);
		assertThat(this.one.tryAcquire("key", OPTIONS)).isEmpty();
		assertThat(this.two.tryAcquire("key", OPTIONS)).isEmpty();

		CompletableFuture.runAsync(lease::release).get(5, TimeUnit.SECONDS);

		assertThat(this.two.tryAcquire("key", OPTIONS)).isPresent();
	}

	@Test
	void leaseEndsInThisProcess() {
		Lease lease = this.one.acquire("key", SHORT);

		assertThat(this.two.acquire("key", OPTIONS.withMaxWait(Duration.ofSeconds(5))).isHeld()).isTrue();
		assertThat(lease.isHeld()).isFalse();
	}

	@Test
	void bodyIsRenewed() {
		Optional<Lease> other = this.one.runExclusive("key", LockOptions.DEFAULTS.withTtl(Duration.ofSeconds(1)),
				() -> this.two.tryAcquire("key", OPTIONS.withMaxWait(Duration.ofMillis(1500))));

		assertThat(other).isEmpty();
		assertThat(this.two.tryAcquire("key", OPTIONS)).isPresent();
	}

	@Test
	void lockIsKeptAtLeastAsLongAsAsked() {
		this.one.runExclusive("key", OPTIONS.withAtLeast(Duration.ofSeconds(1)), () -> "short");

		assertThat(this.two.tryAcquire("key", OPTIONS)).isEmpty();
		assertThat(this.two.acquire("key", OPTIONS.withMaxWait(Duration.ofSeconds(5))).isHeld()).isTrue();
	}

	@Test
	void contextThatClosesKeepsNothing() {
		this.one.acquire("key", OPTIONS);

		this.first.close();

		await().untilAsserted(() -> assertThat(this.two.tryAcquire("key", OPTIONS)).isPresent());
	}

}
