package com.nocobase.cluster.autoconfigure;

import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.integration.redis.util.RedisLockRegistry;
import org.springframework.integration.support.locks.DefaultLockRegistry;
import org.springframework.integration.support.locks.LockRegistry;

import com.nocobase.cluster.lock.FencedLockManager;
import com.nocobase.cluster.lock.Lease;
import com.nocobase.cluster.lock.LockAdapter;
import com.nocobase.cluster.lock.LockManager;
import com.nocobase.cluster.lock.LockOptions;
import com.nocobase.cluster.redis.TestRedis;
import com.nocobase.cluster.support.Capability;
import com.nocobase.cluster.support.UnknownAdapterException;

import static org.assertj.core.api.Assertions.assertThat;

class RegistryLockAutoConfigurationTests {

	private static final LockOptions OPTIONS = LockOptions.DEFAULTS.withTtl(Duration.ofSeconds(20));

	private final String key = UUID.randomUUID().toString();

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(DataRedisAutoConfiguration.class, ClusterAutoConfiguration.class,
				LockAutoConfiguration.class))
		.withPropertyValues(TestRedis.shared().properties())
		.withPropertyValues("nocobase.cluster.name=crm");

	private final ApplicationContextRunner redis = this.runner
		.withPropertyValues("nocobase.cluster.lock.adapter=redis");

	@Test
	void redisIsThereOnlyIfNamed() {
		this.runner.run((context) -> assertThat(context).doesNotHaveBean("redisLockAdapter")
			.doesNotHaveBean(LockRegistry.class));
	}

	@Test
	void redisCanBeNamed() {
		this.redis.run((context) -> {
			assertThat(context).hasSingleBean(LockManager.class)
				.doesNotHaveBean(FencedLockManager.class)
				.hasSingleBean(LockAdapter.class)
				.hasBean("redisLockAdapter");
			assertThat(context.getBean(LockManager.class)).isInstanceOfSatisfying(Capability.class,
					(capability) -> assertThat(capability.adapter()).isEqualTo("redis"));
		});
	}

	@Test
	void keysAreThoseOfARegistryNamedAfterTheApplication() {
		this.redis.run((context) -> {
			try (Lease lease = context.getBean(LockManager.class).acquire(this.key, OPTIONS)) {
				assertThat(TestRedis.shared().command("EXISTS", "crm:lock:" + lease.key())).isEqualTo("1");
			}
			assertThat(TestRedis.shared().command("EXISTS", "crm:lock:" + this.key)).isEqualTo("0");
		});
	}

	@Test
	void registryKeyCanBeSet() {
		this.redis.withPropertyValues("nocobase.cluster.lock.registry-key=shared {locks}").run((context) -> {
			try (Lease lease = context.getBean(LockManager.class).acquire(this.key, OPTIONS)) {
				assertThat(TestRedis.shared().command("EXISTS", "shared {locks}:" + lease.key())).isEqualTo("1");
			}
		});
	}

	@Test
	void registryThatIsInjectedSharesTheLocks() {
		this.redis.withUserConfiguration(InjectedConfiguration.class)
			.run((context) -> assertThat(context.getBean(Injected.class).registry())
				.isInstanceOf(RedisLockRegistry.class)
				.satisfies((registry) -> {
					LockManager locks = context.getBean(LockManager.class);
					try (Lease lease = locks.acquire(this.key, OPTIONS)) {
						assertThat(registry.obtain(lease.key()).tryLock()).isFalse();
					}
					assertThat(registry.obtain(this.key).tryLock()).isTrue();
					assertThat(locks.tryAcquire(this.key, OPTIONS)).isEmpty();
					registry.obtain(this.key).unlock();
					assertThat(locks.tryAcquire(this.key, OPTIONS)).isPresent();
				}));
	}

	@Test
	void lockRegistryOfTheUserIsInjectedBeforeOurs() {
		this.redis.withBean("mine", LockRegistry.class, DefaultLockRegistry::new)
			.withUserConfiguration(InjectedConfiguration.class)
			.run((context) -> {
				assertThat(context.getBean(Injected.class).registry()).isInstanceOf(DefaultLockRegistry.class);
				assertThat(context.getBean(LockRegistry.class)).isInstanceOf(DefaultLockRegistry.class);
				assertThat(context).hasSingleBean(RedisLockRegistry.class);
			});
	}

	@Test
	void redisLockRegistryOfTheUserWins() {
		this.redis
			.withBean("mine", RedisLockRegistry.class,
					() -> new RedisLockRegistry(new LettuceConnectionFactory(), "mine"))
			.run((context) -> assertThat(context).hasSingleBean(RedisLockRegistry.class)
				.doesNotHaveBean("redisLockRegistry"));
	}

	@Test
	void connectionFactoryCanBeNamed() {
		AtomicInteger started = new AtomicInteger();
		this.redis.withBean("other", LettuceConnectionFactory.class, () -> {
			started.incrementAndGet();
			return new LettuceConnectionFactory(TestRedis.shared().host(), TestRedis.shared().port());
		}, (definition) -> definition.setAutowireCandidate(false))
			.withPropertyValues("nocobase.cluster.lock.connection-factory=other", "spring.data.redis.port=1")
			.run((context) -> {
				assertThat(context.getBean(LockManager.class).tryAcquire(this.key, OPTIONS)).isPresent();
				assertThat(started).hasValue(1);
			});
	}

	@Test
	void connectionFactoryThatIsNotThereStopsTheStart() {
		this.redis.withPropertyValues("nocobase.cluster.lock.connection-factory=none")
			.run((context) -> assertThat(context).getFailure().rootCause().hasMessageContaining("'none'"));
	}

	@Test
	void anyLockRegistryCanBeNamed() {
		this.runner.withBean("mine", DefaultLockRegistry.class)
			.withPropertyValues("nocobase.cluster.lock.adapter=mine")
			.run((context) -> {
				assertThat(context).hasBean("mineLockAdapter").doesNotHaveBean(FencedLockManager.class);
				LockManager locks = context.getBean(LockManager.class);
				try (Lease lease = locks.acquire(this.key, OPTIONS)) {
					assertThat(context.getBean(LockRegistry.class).obtain("crm:" + lease.key()).tryLock()).isFalse();
				}
				assertThat(context.getBean(LockRegistry.class).obtain("crm:" + this.key).tryLock()).isTrue();
			});
	}

	@Test
	void missingLibraryStopsTheStartAndIsNamed() {
		for (String library : new String[] { "org.springframework.integration", "org.springframework.data.redis" }) {
			new ApplicationContextRunner()
				.withConfiguration(AutoConfigurations.of(ClusterAutoConfiguration.class, LockAutoConfiguration.class))
				.withClassLoader(new FilteredClassLoader(library))
				.withPropertyValues("nocobase.cluster.lock.adapter=redis")
				.run((context) -> assertThat(context).getFailure()
					.rootCause()
					.isInstanceOfSatisfying(UnknownAdapterException.class, (ex) -> {
						FailureAnalysis analysis = new UnknownAdapterFailureAnalyzer().analyze(ex, ex);
						assertThat(analysis.getAction()).contains(
								"org.springframework.boot:spring-boot-starter-data-redis",
								"org.springframework.integration:spring-integration-redis");
					}));
		}
	}

	@Test
	void librariesAreNotNeededWhereTheyAreNotUsed() {
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(ClusterAutoConfiguration.class, LockAutoConfiguration.class))
			.withClassLoader(new FilteredClassLoader("org.springframework.integration", "org.springframework.data"))
			.run((context) -> assertThat(context).hasSingleBean(FencedLockManager.class));
	}

	@Test
	void redisCanBeSwitchedOff() {
		this.redis.withPropertyValues("nocobase.cluster.lock.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(LockAdapter.class)
				.doesNotHaveBean(LockRegistry.class));
	}

	record Injected(LockRegistry<?> registry) {

	}

	@Configuration(proxyBeanMethods = false)
	static class InjectedConfiguration {

		@Bean
		Injected injected(LockRegistry<?> registry) {
			return new Injected(registry);
		}

	}

}
