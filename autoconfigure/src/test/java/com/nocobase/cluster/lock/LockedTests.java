package com.nocobase.cluster.lock;

import java.io.Serial;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.context.PropertyPlaceholderAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

import com.nocobase.cluster.autoconfigure.ClusterAutoConfiguration;
import com.nocobase.cluster.autoconfigure.LockAutoConfiguration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class LockedTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(PropertyPlaceholderAutoConfiguration.class,
				ClusterAutoConfiguration.class, LockAutoConfiguration.class))
		.withPropertyValues("job.key=nightly", "job.ttl=20s");

	private final ApplicationContextRunner jobs = this.runner.withBean(Jobs.class);

	@Test
	void methodRunsUnderItsLock() {
		this.jobs.run((context) -> {
			Jobs jobs = context.getBean(Jobs.class);
			assertThat(jobs.reports("report:nightly")).isFalse();
			assertThat(jobs.fields("orders", 7, () -> isFree(context.getBean(LockManager.class), "fields:orders:7")))
				.isFalse();
			assertThat(isFree(context.getBean(LockManager.class), "fields:orders:7")).isTrue();
		});
	}

	@Test
	void busyMethodWaitsSkipsOrFails() {
		this.jobs.run((context) -> {
			Jobs jobs = context.getBean(Jobs.class);
			try (Lease lease = context.getBean(LockManager.class).acquire("busy", LockOptions.DEFAULTS)) {
				assertThat(lease.isHeld()).isTrue();
				assertThatExceptionOfType(LockTimeoutException.class).isThrownBy(jobs::waits);
				assertThatExceptionOfType(LockTimeoutException.class).isThrownBy(jobs::fails);
				assertThat(jobs.skips()).isNull();
				assertThat(jobs.skipsOptional()).isEmpty();
				assertThat(jobs.skipsCount()).isZero();
				assertThat(jobs.skipsFlag()).isFalse();
			}
			assertThat(jobs.skips()).isEqualTo("ran");
			assertThat(jobs.skipsOptional()).contains("ran");
			assertThat(jobs.skipsCount()).isOne();
			assertThat(jobs.fails()).isEqualTo("ran");
			assertThatExceptionOfType(LockTimeoutException.class).isThrownBy(jobs::skipsAndTimesOutInside)
				.withMessage("inside");
		});
	}

	@Test
	void lockIsKeptAtLeastAsLongAsSaid() {
		this.jobs.run((context) -> {
			Jobs jobs = context.getBean(Jobs.class);
			assertThat(jobs.tick()).isTrue();
			assertThat(jobs.tick()).isFalse();
		});
	}

	@Test
	void failureOfTheMethodReachesTheCaller() {
		this.jobs.run((context) -> assertThatExceptionOfType(JobException.class)
			.isThrownBy(() -> context.getBean(Jobs.class).breaks()));
	}

	@Test
	void argumentThatIsNullIsNoKey() {
		this.jobs.run((context) -> assertThatIllegalArgumentException()
			.isThrownBy(() -> context.getBean(Jobs.class).nullable(null))
			.withMessageContaining("#name"));
	}

	@Test
	void lockLiesOutsideOfTheTransaction() {
		this.runner.withUserConfiguration(TransactionConfiguration.class).run((context) -> {
			boolean[] freeAfterCommit = { true };
			context.getBean(TransactionalJob.class)
				.write(() -> TransactionSynchronizationManager
					.registerSynchronization(new TransactionSynchronization() {

						@Override
						public void afterCompletion(int status) {
							freeAfterCommit[0] = isFree(context.getBean(LockManager.class), "write");
						}

					}));
			assertThat(freeAfterCommit[0]).isFalse();
			assertThat(isFree(context.getBean(LockManager.class), "write")).isTrue();
		});
	}

	@ParameterizedTest
	@ValueSource(classes = { ReturnsFuture.class, ReturnsPublisher.class, UnknownVariable.class, NoSpel.class,
			BadDuration.class, NegativeTtl.class, BlankKey.class, BareHash.class, PrivateMethod.class,
			FinalMethod.class, UnknownPlaceholder.class })
	void methodThatCannotWorkStopsTheStart(Class<?> job) {
		this.runner.withBean(job)
			.run((context) -> assertThat(context).getFailure()
				.hasMessageContaining(job.getName() + ".job")
				.hasMessageContaining("@Locked"));
	}

	private static boolean isFree(LockManager locks, String key) {
		Optional<Lease> lease = locks.tryAcquire(key, LockOptions.DEFAULTS);
		lease.ifPresent(Lease::release);
		return lease.isPresent();
	}

	static class JobException extends Exception {

		@Serial
		private static final long serialVersionUID = 1L;

	}

	static class Jobs {

		private final LockManager locks;

		Jobs(LockManager locks) {
			this.locks = locks;
		}

		@Locked(key = "report:${job.key}", ttl = "${job.ttl}")
		boolean reports(String key) {
			return isFree(this.locks, key);
		}

		@Locked("fields:#{#collection}:#{#root.args[1]}")
		boolean fields(String collection, int number, Supplier<Boolean> body) {
			return body.get();
		}

		@Locked(key = "busy", maxWait = "50ms")
		void waits() {
		}

		@Locked(key = "busy", onBusy = Locked.OnBusy.FAIL)
		String fails() {
			return "ran";
		}

		@Locked(key = "busy", onBusy = Locked.OnBusy.SKIP)
		String skips() {
			return "ran";
		}

		@Locked(key = "busy", onBusy = Locked.OnBusy.SKIP)
		Optional<String> skipsOptional() {
			return Optional.of("ran");
		}

		@Locked(key = "busy", onBusy = Locked.OnBusy.SKIP)
		int skipsCount() {
			return 1;
		}

		@Locked(key = "busy", onBusy = Locked.OnBusy.SKIP)
		boolean skipsFlag() {
			return true;
		}

		@Locked(key = "busy", onBusy = Locked.OnBusy.SKIP)
		void skipsAndTimesOutInside() {
			throw new LockTimeoutException("inside", null);
		}

		@Locked(key = "tick", atLeast = "20s", onBusy = Locked.OnBusy.SKIP)
		boolean tick() {
			return true;
		}

		@Locked("breaks")
		void breaks() throws JobException {
			throw new JobException();
		}

		@Locked("#{#name}")
		void nullable(@Nullable String name) {
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableTransactionManagement
	static class TransactionConfiguration {

		@Bean
		JdbcTransactionManager transactionManager() {
			return new JdbcTransactionManager(new DriverManagerDataSource("jdbc:h2:mem:locked"));
		}

		@Bean
		TransactionalJob job() {
			return new TransactionalJob();
		}

	}

	static class TransactionalJob {

		@Transactional
		@Locked("write")
		void write(Runnable body) {
			body.run();
		}

	}

	static class ReturnsFuture {

		@Locked("a")
		CompletableFuture<String> job() {
			return CompletableFuture.completedFuture("");
		}

	}

	static class ReturnsPublisher {

		@Locked("a")
		Flow.Publisher<String> job() {
			return (subscriber) -> {
			};
		}

	}

	static class UnknownVariable {

		@Locked("a:#{#nam}")
		void job(String name) {
		}

	}

	static class NoSpel {

		@Locked("a:#{1 +}")
		void job() {
		}

	}

	static class BadDuration {

		@Locked(key = "a", maxWait = "soon")
		void job() {
		}

	}

	static class NegativeTtl {

		@Locked(key = "a", ttl = "-5s")
		void job() {
		}

	}

	static class BlankKey {

		@Locked(" ")
		void job() {
		}

	}

	static class BareHash {

		@Locked("#name")
		void job(String name) {
		}

	}

	static class PrivateMethod {

		@Locked("a")
		private void job() {
		}

		List<Duration> caller() {
			job();
			return List.of();
		}

	}

	static class FinalMethod {

		@Locked("a")
		final void job() {
		}

	}

	static class UnknownPlaceholder {

		@Locked("${no.such.property}")
		void job() {
		}

	}

}
