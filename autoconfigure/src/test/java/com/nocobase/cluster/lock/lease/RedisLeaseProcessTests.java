package com.nocobase.cluster.lock.lease;

import java.time.Duration;
import java.util.UUID;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import com.nocobase.cluster.lock.FencedLease;
import com.nocobase.cluster.lock.FencedLockManager;
import com.nocobase.cluster.lock.LeaseLostException;
import com.nocobase.cluster.lock.LockOptions;
import com.nocobase.cluster.lock.jdbc.JdbcFence;
import com.nocobase.cluster.redis.RedisProcess;
import com.nocobase.cluster.redis.TcpProxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Leases of processes that stand still, or are killed.
 */
class RedisLeaseProcessTests {

	private static final LockOptions OPTIONS = LockOptions.DEFAULTS.withTtl(Duration.ofSeconds(20))
		.withMaxWait(Duration.ofSeconds(20));

	private final String app = "app-" + UUID.randomUUID();

	private final RedisProcess redis = RedisProcess.start();

	private final TcpProxy network = TcpProxy.to(this.redis.host(), this.redis.port());

	private final ConfigurableApplicationContext instance = LeaseInstances.behind(this.network, (context) -> {
	}, "nocobase.cluster.name=" + this.app);

	private final FencedLockManager locks = this.instance.getBean(FencedLockManager.class);

	@AfterEach
	void stop() {
		this.network.resume();
		this.instance.close();
		this.network.close();
		this.redis.close();
	}

	private LeaseChild child() {
		return LeaseChild.start("spring.data.redis.host=" + this.redis.host(),
				"spring.data.redis.port=" + this.redis.port(), "nocobase.cluster.name=" + this.app,
				"nocobase.cluster.instance-id=child", "logging.level.root=warn");
	}

	private String waiters(String key) {
		return this.redis.command("HLEN", "{" + this.app + ":lock:" + LeaseKeys.bucket(key) + "}waiters:" + key);
	}

	/** The server sees the end of its connections. */
	private void kill(LeaseChild child) {
		child.signal("KILL");
		await().until(() -> this.redis.command("PUBSUB", "CHANNELS", "*:child").isEmpty());
	}

	@Test
	void whoStoodStillPastItsLeaseKnowsAtOnceAndCannotWrite() {
		try (LeaseChild child = child()) {
			long token = Long.parseLong(child.ask("hold a 2000"));
			child.signal("STOP");
			FencedLease next = this.locks.acquire("a", OPTIONS);
			child.signal("CONT");

			assertThat(child.ask("state")).isEqualTo("false PT0S");
			assertThat(child.ask("extend")).isEqualTo("LeaseLostException");
			await().atMost(Duration.ofSeconds(1)).until(() -> child.ask("told").equals("true"));
			assertThat(next.token()).isGreaterThan(token);
			assertThat(next.isHeld()).isTrue();
			assertRefused(next, token);
		}
	}

	private static void assertRefused(FencedLease next, long token) {
		DriverManagerDataSource database = new DriverManagerDataSource(
				"jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
		JdbcTemplate jdbc = new JdbcTemplate(database);
		jdbc.execute(JdbcFence.CREATE_TABLE);
		JdbcFence fence = new JdbcFence(jdbc);
		TransactionTemplate transaction = new TransactionTemplate(new JdbcTransactionManager(database));

		transaction.executeWithoutResult((status) -> fence.check(next));

		assertThatExceptionOfType(LeaseLostException.class)
			.isThrownBy(() -> transaction.executeWithoutResult((status) -> fence.check(next.key(), token)));
		jdbc.execute("shutdown");
	}

	@Test
	void whoWasNotHeardPastItsLeaseKnowsAtOnce() {
		FencedLease lease = this.locks.acquire("a", OPTIONS.withTtl(Duration.ofMillis(1500)));
		long[] told = new long[1];
		lease.onLost(() -> told[0] = System.nanoTime());
		this.network.silence();
		await().until(() -> !lease.isHeld());
		long lost = System.nanoTime();

		assertThat(lease.remaining()).isZero();
		assertThatExceptionOfType(LeaseLostException.class).isThrownBy(() -> lease.extend(Duration.ofSeconds(1)));
		await().atMost(Duration.ofSeconds(1)).until(() -> told[0] != 0);
		assertThat(Duration.ofNanos(told[0] - lost)).isLessThan(Duration.ofSeconds(1));
		this.network.resume();
		assertThat(this.locks.acquire("a", OPTIONS).token()).isGreaterThan(lease.token());
	}

	@Test
	void killedProcessKeepsNobodyOut() {
		try (LeaseChild child = child()) {
			long token = Long.parseLong(child.ask("hold held 3000"));
			FencedLease waitedFor = this.locks.acquire("queue", OPTIONS);
			child.ask("wait queue 20000");
			await().until(() -> waiters("queue").equals("1"));
			long start = System.nanoTime();
			kill(child);

			waitedFor.release();
			assertThat(this.locks.tryAcquire("queue", OPTIONS.withMaxWait(Duration.ofSeconds(1)))).isPresent();
			FencedLease next = this.locks.acquire("held", OPTIONS);
			assertThat(next.token()).isGreaterThan(token);
			assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
		}
	}

	@Test
	void waiterOfAKilledProcessHoldsUpNobodyWhenItIsStartedAgain() {
		FencedLease waitedFor = this.locks.acquire("queue", OPTIONS);
		try (LeaseChild child = child()) {
			child.ask("wait queue 20000");
			await().until(() -> waiters("queue").equals("1"));
			kill(child);
		}
		try (LeaseChild again = child()) {
			assertThat(again.ask("hold other 20000")).isNotEmpty();
			waitedFor.release();

			assertThat(this.locks.tryAcquire("queue", OPTIONS.withMaxWait(Duration.ofSeconds(2)))).isPresent();
		}
	}

}
