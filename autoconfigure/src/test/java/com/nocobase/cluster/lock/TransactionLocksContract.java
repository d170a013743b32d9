package com.nocobase.cluster.lock;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * What every lock adapter promises inside of transactions.
 */
public abstract class TransactionLocksContract {

	private static final LockOptions OPTIONS = LockOptions.DEFAULTS.withTtl(Duration.ofSeconds(20));

	private static final LockOptions SHORT = LockOptions.DEFAULTS.withTtl(Duration.ofMillis(300));

	private final String key = UUID.randomUUID().toString();

	private final List<ConfigurableApplicationContext> instances = new ArrayList<>();

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private final DriverManagerDataSource database = new DriverManagerDataSource(
			"jdbc:h2:mem:" + this.key + ";DB_CLOSE_DELAY=-1");

	private final JdbcTemplate jdbc = new JdbcTemplate(this.database);

	private final JdbcTransactionManager manager = new JdbcTransactionManager(this.database);

	private final TransactionTemplate transaction = new TransactionTemplate(this.manager);

	protected abstract ConfigurableApplicationContext start(String... properties);

	private LockManager locks() {
		ConfigurableApplicationContext instance = start();
		this.instances.add(instance);
		return instance.getBean(LockManager.class);
	}

	private <T> T elsewhere(Callable<T> body) {
		Future<T> result = this.threads.submit(body);
		try {
			return result.get(20, TimeUnit.SECONDS);
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	private boolean isFree(LockManager locks) {
		return elsewhere(() -> locks.tryAcquire(this.key, OPTIONS).map((lease) -> {
			lease.release();
			return true;
		}).orElse(false));
	}

	@BeforeEach
	void createTable() {
		this.jdbc.execute("create table item (sort int not null)");
	}

	@AfterEach
	void stopInstances() {
		this.threads.shutdownNow();
		this.instances.forEach(ConfigurableApplicationContext::close);
		this.jdbc.execute("shutdown");
	}

	@Test
	void leaseIsGivenBackAfterTheCommit() {
		LockManager locks = locks();

		this.transaction.executeWithoutResult((status) -> {
			Lease lease = locks.acquire(this.key, OPTIONS);
			lease.release();
			lease.close();
			assertThat(lease.isHeld()).isTrue();
			assertThat(isFree(locks)).isFalse();
		});

		assertThat(isFree(locks)).isTrue();
	}

	@Test
	void leaseIsGivenBackAfterARollback() {
		LockManager locks = locks();

		this.transaction.executeWithoutResult((status) -> {
			locks.runExclusive(this.key, OPTIONS, () -> "done");
			assertThat(isFree(locks)).isFalse();
			status.setRollbackOnly();
		});

		assertThat(isFree(locks)).isTrue();
	}

	@Test
	void leaseThatWasNotGivenBackEndsWithItsTransaction() {
		LockManager locks = locks();

		Lease lease = this.transaction.execute((status) -> locks.acquire(this.key, OPTIONS));

		assertThat(lease).isNotNull().returns(false, Lease::isHeld);
		assertThat(isFree(locks)).isTrue();
	}

	@Test
	void sameKeyGivesTheSameLeaseWithinATransaction() {
		LockManager locks = locks();

		this.transaction.executeWithoutResult((status) -> {
			Lease lease = locks.acquire(this.key, OPTIONS);
			assertThat(locks.tryAcquire(this.key, OPTIONS)).containsSame(lease);
			locks.runExclusive(this.key, OPTIONS, () -> assertThat(locks.acquire(this.key, OPTIONS)).isSameAs(lease));
			assertThat(lease.isHeld()).isTrue();
		});

		assertThat(isFree(locks)).isTrue();
	}

	@Test
	void leaseIsRenewedUntilTheTransactionEnds() {
		LockManager locks = locks();

		this.transaction.executeWithoutResult((status) -> {
			locks.runExclusive(this.key, OPTIONS.withTtl(Duration.ofSeconds(1)), () -> "done");
			assertThat(elsewhere(() -> locks.tryAcquire(this.key, OPTIONS.withMaxWait(Duration.ofMillis(1500)))))
				.isEmpty();
		});

		assertThat(isFree(locks)).isTrue();
	}

	@Test
	void lostLeaseMakesTheCommitFail() {
		LockManager locks = locks();

		assertThatExceptionOfType(LeaseLostException.class)
			.isThrownBy(() -> this.transaction.executeWithoutResult((status) -> {
				this.jdbc.update("insert into item values (1)");
				Lease lease = locks.acquire(this.key, SHORT.withMaxHold(Duration.ofMillis(1)));
				await().until(() -> !lease.isHeld());
				assertThatExceptionOfType(LeaseLostException.class).isThrownBy(() -> locks.acquire(this.key, OPTIONS));
			}))
			.withMessageContaining(this.key);

		assertThat(this.jdbc.queryForObject("select count(*) from item", Integer.class)).isZero();
		assertThat(isFree(locks)).isTrue();
	}

	@Test
	void savepointThatIsRolledBackKeepsTheLease() {
		LockManager locks = locks();

		this.transaction.executeWithoutResult((status) -> {
			Object savepoint = status.createSavepoint();
			Lease lease = locks.acquire(this.key, OPTIONS);
			status.rollbackToSavepoint(savepoint);
			assertThat(lease.isHeld()).isTrue();
			assertThat(isFree(locks)).isFalse();
		});

		assertThat(isFree(locks)).isTrue();
	}

	@Test
	void innerTransactionIsAnother() {
		LockManager locks = locks();
		TransactionTemplate inner = new TransactionTemplate(this.manager);
		inner.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);

		this.transaction.executeWithoutResult((status) -> {
			locks.acquire(this.key, OPTIONS);
			inner.executeWithoutResult((other) -> {
				assertThat(locks.tryAcquire(this.key, OPTIONS)).isEmpty();
				locks.acquire(this.key + "-inner", OPTIONS);
			});
			assertThat(elsewhere(() -> locks.tryAcquire(this.key + "-inner", OPTIONS))).isPresent();
			assertThat(isFree(locks)).isFalse();
		});

		assertThat(isFree(locks)).isTrue();
	}

	@Test
	void leastHoldOutlivesTheTransaction() {
		LockManager locks = locks();

		this.transaction.executeWithoutResult(
				(status) -> locks.acquire(this.key, OPTIONS.withAtLeast(Duration.ofMillis(500))).release());

		assertThat(isFree(locks)).isFalse();
		await().until(() -> isFree(locks));
	}

	/** L9. */
	@Test
	void nextSortIsNeverComputedTwice() throws Exception {
		List<LockManager> managers = List.of(locks(), locks());
		List<Future<?>> writers = new ArrayList<>();

		for (int i = 0; i < 6; i++) {
			LockManager locks = managers.get(i % 2);
			writers.add(this.threads.submit(() -> {
				for (int round = 0; round < 15; round++) {
					this.transaction.executeWithoutResult((status) -> insertNext(locks));
				}
			}));
		}
		for (Future<?> writer : writers) {
			writer.get(30, TimeUnit.SECONDS);
		}

		assertThat(this.jdbc.queryForList("select sort from item order by sort", Integer.class)).hasSize(90)
			.doesNotHaveDuplicates();
	}

	private void insertNext(LockManager locks) {
		locks.runExclusive(this.key, Duration.ofSeconds(20), () -> {
			Integer next = this.jdbc.queryForObject("select coalesce(max(sort), 0) + 1 from item", Integer.class);
			this.jdbc.update("insert into item values (?)", next);
		});
	}

}
