package com.nocobase.cluster.autoconfigure;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import com.nocobase.cluster.lock.FencedLockAdapter;
import com.nocobase.cluster.lock.FencedLockManager;
import com.nocobase.cluster.lock.Lease;
import com.nocobase.cluster.lock.LockAdapter;
import com.nocobase.cluster.lock.LockGrant;
import com.nocobase.cluster.lock.LockManager;
import com.nocobase.cluster.lock.LockOptions;
import com.nocobase.cluster.lock.LockProperties;
import com.nocobase.cluster.lock.LockRenewal;
import com.nocobase.cluster.lock.LockRequest;
import com.nocobase.cluster.lock.LockedCall;
import com.nocobase.cluster.support.Capability;
import com.nocobase.cluster.support.UnknownAdapterException;

import static org.assertj.core.api.Assertions.assertThat;

class LockAutoConfigurationTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(ClusterAutoConfiguration.class, LockAutoConfiguration.class));

	@Test
	void locksAreLocalByDefault() {
		this.runner.run((context) -> {
			assertThat(context).hasSingleBean(LockManager.class)
				.hasSingleBean(FencedLockManager.class)
				.hasBean("lockManager")
				.hasBean("localLockAdapter")
				.getBean(Capability.class)
				.returns("lock", Capability::name)
				.returns("local", Capability::adapter);
			assertThat(context.getBean(LockProperties.class)).isEqualTo(new LockProperties(true, "local", null, null,
					Duration.ofSeconds(30), Duration.ofMinutes(1), Duration.ofMinutes(10)));
		});
	}

	@Test
	void localCanBeNamed() {
		this.runner.withPropertyValues("nocobase.cluster.lock.adapter=local")
			.run((context) -> assertThat(context).hasSingleBean(FencedLockManager.class));
	}

	@Test
	void fencedCustomAdapterHasAFencedManager() {
		this.runner.withBean("mine", FencedLockAdapter.class, StubFencedAdapter::new)
			.withPropertyValues("nocobase.cluster.lock.adapter=mine")
			.run((context) -> assertThat(context).hasSingleBean(FencedLockManager.class)
				.doesNotHaveBean("localLockAdapter"));
	}

	@Test
	void unknownAdapterStopsTheStart() {
		this.runner.withPropertyValues("nocobase.cluster.lock.adapter=none")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOfSatisfying(UnknownAdapterException.class, (ex) -> {
					assertThat(ex.property()).isEqualTo("nocobase.cluster.lock.adapter");
					assertThat(ex.adapter()).isEqualTo("none");
				}));
	}

	@Test
	void managerOfTheUserWins() {
		this.runner.withBean("mine", LockManager.class, StubManager::new)
			.run((context) -> assertThat(context).getBean(LockManager.class).isInstanceOf(StubManager.class));
	}

	@Test
	void adapterOfTheUserWins() {
		this.runner.withBean("localLockAdapter", LockAdapter.class, StubFencedAdapter::new)
			.run((context) -> assertThat(context).getBean(LockAdapter.class).isInstanceOf(StubFencedAdapter.class));
	}

	@ParameterizedTest
	@ValueSource(strings = { "nocobase.cluster.lock.enabled=false", "nocobase.cluster.enabled=false" })
	void locksCanBeSwitchedOff(String property) {
		this.runner.withPropertyValues(property)
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(LockManager.class)
				.doesNotHaveBean(LockAdapter.class));
	}

	@ParameterizedTest
	@ValueSource(strings = { "ttl=0s", "ttl=-1s", "max-wait=-1ms", "max-hold=0s" })
	void badValueStopsTheStart(String setting) {
		this.runner.withPropertyValues("nocobase.cluster.lock." + setting)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("nocobase.cluster.lock." + setting.substring(0, setting.indexOf('='))));
	}

	@Test
	void neitherTransactionsNorJdbcAreNeeded() {
		this.runner
			.withClassLoader(
					new FilteredClassLoader("org.springframework.transaction", "org.springframework.jdbc", "org.h2"))
			.run((context) -> assertThat(isFree(context.getBean(LockManager.class))).isTrue());
	}

	@Test
	@EnabledForJreRange(min = JRE.JAVA_21)
	void virtualThreadsServeAsWell() {
		this.runner.withPropertyValues("spring.threads.virtual.enabled=true")
			.run((context) -> assertThat(isFree(context.getBean(LockManager.class))).isTrue());
	}

	private static boolean isFree(LockManager locks) {
		return locks.<Boolean, RuntimeException>runExclusive("key", LockOptions.DEFAULTS,
				() -> locks.tryAcquire("key", LockOptions.DEFAULTS).isEmpty());
	}

	private static final class StubFencedAdapter implements FencedLockAdapter {

		@Override
		public Optional<LockGrant> acquire(LockRequest request) {
			return Optional.empty();
		}

		@Override
		public Set<LockGrant> renew(List<LockRenewal> renewals) {
			return Set.of();
		}

		@Override
		public void release(LockGrant grant, Duration keep) {
		}

	}

	private static final class StubManager implements LockManager {

		@Override
		public Lease acquire(String key, LockOptions options) {
			throw new IllegalStateException("stub");
		}

		@Override
		public Optional<Lease> tryAcquire(String key, LockOptions options) {
			return Optional.empty();
		}

		@Override
		public <T extends @Nullable Object, X extends Throwable> T runExclusive(String key, LockOptions options,
				LockedCall<T, X> body) throws X {
			return body.call();
		}

	}

}
