package com.nocobase.cluster.lock.jdbc;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import com.nocobase.cluster.autoconfigure.ClusterAutoConfiguration;
import com.nocobase.cluster.autoconfigure.LockAutoConfiguration;
import com.nocobase.cluster.lock.FencedLease;
import com.nocobase.cluster.lock.FencedLockManager;
import com.nocobase.cluster.lock.LeaseLostException;
import com.nocobase.cluster.lock.LockOptions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class JdbcFenceTests {

	private final DriverManagerDataSource database = new DriverManagerDataSource(
			"jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1;LOCK_TIMEOUT=10000");

	private final JdbcTemplate jdbc = new JdbcTemplate(this.database);

	private final TransactionTemplate transaction = new TransactionTemplate(new JdbcTransactionManager(this.database));

	private final JdbcFence fence = new JdbcFence(this.jdbc);

	@BeforeEach
	void createTables() {
		this.jdbc.execute(JdbcFence.CREATE_TABLE);
		this.jdbc.execute(JdbcFence.CREATE_TABLE);
		this.jdbc.execute("create table stock (amount int not null)");
	}

	@AfterEach
	void dropDatabase() {
		this.jdbc.execute("shutdown");
	}

	private void write(String key, long token) {
		this.transaction.executeWithoutResult((status) -> {
			this.fence.check(key, token);
			this.jdbc.update("insert into stock values (?)", token);
		});
	}

	@Test
	void writeOfAPausedHolderIsRefused() {
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(ClusterAutoConfiguration.class, LockAutoConfiguration.class))
			.run((context) -> {
				FencedLockManager locks = context.getBean(FencedLockManager.class);
				FencedLease paused = locks.acquire("stock", LockOptions.DEFAULTS.withTtl(Duration.ofMillis(500)));
				FencedLease next = locks.acquire("stock", LockOptions.DEFAULTS);

				this.transaction.executeWithoutResult((status) -> this.fence.check(next));

				assertThatExceptionOfType(LeaseLostException.class).isThrownBy(() -> write("stock", paused.token()))
					.withMessageContaining("stock");
				assertThat(this.jdbc.queryForList("select amount from stock")).isEmpty();
			});
	}

	@Test
	void sameAndHigherTokensPass() {
		write("stock", 5);
		write("stock", 5);
		write("stock", 7);
		write("other", 1);

		assertThatExceptionOfType(LeaseLostException.class).isThrownBy(() -> write("stock", 6));
		assertThat(this.jdbc.queryForObject("select count(*) from stock", Integer.class)).isEqualTo(4);
	}

	@Test
	void checkThatWasRolledBackLeavesNoTrace() {
		this.transaction.executeWithoutResult((status) -> {
			this.fence.check("stock", 9);
			status.setRollbackOnly();
		});

		write("stock", 8);
	}

	@Test
	void firstChecksAtTheSameTimeDoNotEndTheHighestTransaction() throws Exception {
		ExecutorService threads = Executors.newFixedThreadPool(4);
		for (int round = 0; round < 20; round++) {
			String key = "stock-" + round;
			CountDownLatch go = new CountDownLatch(1);
			AtomicInteger refused = new AtomicInteger();
			List<Future<?>> writers = new ArrayList<>();
			for (int i = 1; i <= 4; i++) {
				long token = i;
				writers.add(threads.submit(() -> {
					go.await();
					try {
						write(key, token);
					}
					catch (LeaseLostException ex) {
						refused.incrementAndGet();
						assertThat(token).isLessThan(4);
					}
					return true;
				}));
			}
			go.countDown();
			for (Future<?> writer : writers) {
				writer.get(20, TimeUnit.SECONDS);
			}
			assertThat(this.jdbc.queryForObject("select fence from nocobase_fence where name = ?", Long.class, key))
				.isEqualTo(4);
			assertThat(refused).hasValueLessThan(4);
		}
		threads.shutdown();
	}

	@Test
	void badCallsAreRefused() {
		assertThatIllegalStateException().isThrownBy(() -> this.fence.check("stock", 1)).withMessageContaining("stock");
		assertThatIllegalArgumentException().isThrownBy(() -> write(" ", 1));
		assertThatIllegalArgumentException().isThrownBy(() -> write("k".repeat(10_000), 1));
	}

}
