package com.nocobase.cluster.cache.redis;

import java.time.Duration;
import java.util.Objects;
import java.util.UUID;

import org.h2.tools.Server;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.transaction.support.TransactionTemplate;

import com.nocobase.cluster.cache.CacheNodes;
import com.nocobase.cluster.cache.ClusterCache;
import com.nocobase.cluster.redis.TestRedis;
import com.nocobase.cluster.support.ChildJvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A row is changed in a transaction of this process, and read all the time by another
 * one, both through their caches.
 */
class CommittedElsewhereTests {

	private static final int ROUNDS = 3;

	/** Until news have come. */
	private static final Duration MOMENT = Duration.ofMillis(500);

	private final String app = "app-" + UUID.randomUUID();

	private final String name = "mem:" + UUID.randomUUID();

	private final DriverManagerDataSource source = new DriverManagerDataSource(
			"jdbc:h2:" + this.name + ";DB_CLOSE_DELAY=-1");

	private final JdbcTemplate database = new JdbcTemplate(this.source);

	private final TransactionTemplate transaction = new TransactionTemplate(
			new DataSourceTransactionManager(this.source));

	private Server server;

	@BeforeEach
	void createRow() throws Exception {
		this.server = Server.createTcpServer("-tcpPort", "0").start();
		this.database.execute("CREATE TABLE policy (version INT)");
		this.database.update("INSERT INTO policy VALUES (0)");
	}

	@AfterEach
	void stop() {
		this.server.stop();
		this.database.execute("SHUTDOWN");
	}

	@ParameterizedTest
	@ValueSource(strings = { "redis", "near" })
	void changeIsSeenAfterItsCommitNeverBeforeAndNeverAfterARollback(String store) {
		String[] settings = RedisNodes.settings(store, TestRedis.shared().properties());
		String address = "jdbc:h2:tcp://localhost:" + this.server.getPort() + "/" + this.name;
		try (CacheNodes nodes = new CacheNodes(RedisNodes.class, settings);
				ChildJvm other = PolicyReader.start(this.app, address, settings)) {
			ClusterCache<Integer> cache = PolicyReader.cache(nodes, this.app);
			for (int version = 0; version < ROUNDS; version++) {
				Change change = Change.values()[version % Change.values().length];

				rollBack(other, cache, change, version);
				commit(other, cache, change, version, store.equals("near") ? MOMENT : Duration.ZERO);
			}
		}
	}

	private void rollBack(ChildJvm other, ClusterCache<Integer> cache, Change change, int version) {
		this.transaction.executeWithoutResult((status) -> {
			change(cache, change, -1);
			assertSeesOnly(other, version);
			assertThat(other.ask(PolicyReader.FORGET)).isEqualTo(Integer.toString(version));
			status.setRollbackOnly();
		});

		assertSeesOnly(other, version);
		assertThat(read(cache)).isEqualTo(version);
	}

	private void commit(ChildJvm other, ClusterCache<Integer> cache, Change change, int version, Duration limit) {
		String next = Integer.toString(version + 1);
		this.transaction.executeWithoutResult((status) -> {
			change(cache, change, version + 1);
			assertSeesOnly(other, version);
			assertThat(other.ask(PolicyReader.FORGET)).isEqualTo(Integer.toString(version));
			assertSeesOnly(other, version);
		});

		if (limit.isZero()) {
			assertThat(other.ask(PolicyReader.READ)).isEqualTo(next);
		}
		else {
			await().atMost(limit).pollDelay(Duration.ZERO).until(() -> other.ask(PolicyReader.READ).equals(next));
		}
		assertThat(other.ask(PolicyReader.SEEN)).isIn("[%d, %s]".formatted(version, next), "[%s]".formatted(next));
		assertSeesOnly(other, version + 1);
		assertThat(read(cache)).isEqualTo(version + 1);
	}

	private void change(ClusterCache<Integer> cache, Change change, int version) {
		this.database.update("UPDATE policy SET version = ?", version);
		switch (change) {
			case SET -> cache.set(PolicyReader.KEY, version);
			case DELETED -> cache.del(PolicyReader.KEY);
			case DELETED_AND_LOADED -> {
				cache.del(PolicyReader.KEY);
				assertThat(read(cache)).isEqualTo(version);
			}
		}
	}

	private int read(ClusterCache<Integer> cache) {
		return Objects.requireNonNull(
				cache.wrap(PolicyReader.KEY, () -> this.database.queryForObject(PolicyReader.SELECT, Integer.class)));
	}

	private static void assertSeesOnly(ChildJvm other, int version) {
		assertThat(other.ask(PolicyReader.READ)).isEqualTo(Integer.toString(version));
		assertThat(other.ask(PolicyReader.SEEN)).isEqualTo("[%d]".formatted(version));
	}

	/** How the cache is told. */
	private enum Change {

		SET, DELETED, DELETED_AND_LOADED

	}

}
