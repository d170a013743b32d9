package com.nocobase.cluster.lock.lease;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import com.nocobase.cluster.lock.FencedLockManager;
import com.nocobase.cluster.lock.Lease;
import com.nocobase.cluster.lock.LockOptions;
import com.nocobase.cluster.redis.RedisProcess;
import com.nocobase.cluster.redis.TcpProxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What many leases cost.
 */
class RedisLeaseLoadTests {

	private static final int TRANSACTIONS = 10;

	private static final Duration TTL = Duration.ofSeconds(15);

	private final RedisProcess redis = RedisProcess.start();

	private final TcpProxy network = TcpProxy.to(this.redis.host(), this.redis.port());

	private final ConfigurableApplicationContext instance = LeaseInstances.behind(this.network, (context) -> {
	});

	private final FencedLockManager locks = this.instance.getBean(FencedLockManager.class);

	private final TransactionTemplate transaction = new TransactionTemplate(new JdbcTransactionManager(
			new DriverManagerDataSource("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1")));

	private final SimpleAsyncTaskExecutor threads = new SimpleAsyncTaskExecutor();

	@AfterEach
	void stop() {
		this.instance.close();
		this.network.close();
		this.redis.close();
	}

	@Test
	void renewalsOfManyLeasesComeTogether() throws Exception {
		Cost few = cost(1_000);
		Cost many = cost(10_000);

		System.out.printf("1000 leases: %s, 10000 leases: %s%n", few, many);
		assertThat(many.scripts()).isLessThan(250);
		assertThat(many.renewals()).isLessThan(10_000 / 5 * 2);
		assertThat(many.bytes() / 10_000).isLessThan(4_000);
		assertThat(many.serverBytes() / 10_000).isLessThan(1_000);
		assertThat(many.threads()).isLessThan(few.threads() + 5);
		assertThat(many.connections()).isEqualTo(2);
	}

	private Cost cost(int leases) throws Exception {
		long bytes = used();
		long serverBytes = memory();
		CountDownLatch begun = new CountDownLatch(TRANSACTIONS);
		CountDownLatch end = new CountDownLatch(1);
		List<Future<Boolean>> transactions = new ArrayList<>();
		for (int i = 0; i < TRANSACTIONS; i++) {
			String key = leases + ":" + i + ":";
			transactions.add(this.threads
				.submit(() -> this.transaction.execute((status) -> hold(key, leases / TRANSACTIONS, begun, end))));
		}
		assertThat(begun.await(60, TimeUnit.SECONDS)).isTrue();
		bytes = used() - bytes;
		serverBytes = memory() - serverBytes;
		await().pollDelay(TTL.dividedBy(3)).until(() -> true);

		long scripts = calls("evalsha");
		long renewals = calls("pexpire");
		long start = System.nanoTime();
		await().pollDelay(TTL.dividedBy(3)).until(() -> true);
		double seconds = (System.nanoTime() - start) / 1e9;
		scripts = calls("evalsha") - scripts;
		renewals = calls("pexpire") - renewals;
		int threadCount = Thread.activeCount();
		end.countDown();
		for (Future<Boolean> each : transactions) {
			assertThat(each.get(60, TimeUnit.SECONDS)).isTrue();
		}
		return new Cost(scripts / seconds, renewals / seconds, bytes, serverBytes, threadCount,
				this.network.connections());
	}

	private boolean hold(String key, int count, CountDownLatch begun, CountDownLatch end) {
		List<Lease> leases = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			leases.add(this.locks.acquire(key + i, LockOptions.DEFAULTS.withTtl(TTL)));
		}
		begun.countDown();
		try {
			return end.await(60, TimeUnit.SECONDS) && leases.stream().allMatch(Lease::isHeld);
		}
		catch (InterruptedException ex) {
			return false;
		}
	}

	private static long used() {
		System.gc();
		return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
	}

	private long memory() {
		return info("memory", "used_memory:(\\d+)");
	}

	private long calls(String command) {
		return info("commandstats", "cmdstat_" + command + ":calls=(\\d+)");
	}

	private long info(String section, String pattern) {
		Matcher matcher = Pattern.compile(pattern).matcher(this.redis.command("INFO", section));
		return matcher.find() ? Long.parseLong(matcher.group(1)) : 0;
	}

	private record Cost(double scripts, double renewals, long bytes, long serverBytes, int threads, int connections) {

	}

}
