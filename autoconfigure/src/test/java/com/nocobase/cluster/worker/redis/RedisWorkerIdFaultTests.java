package com.nocobase.cluster.worker.redis;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;

import com.nocobase.cluster.redis.OwnNetwork;
import com.nocobase.cluster.redis.RedisProcess;
import com.nocobase.cluster.redis.TcpProxy;
import com.nocobase.cluster.support.TestCluster;
import com.nocobase.cluster.worker.SnowflakeIds;
import com.nocobase.cluster.worker.WorkerIdAllocator;
import com.nocobase.cluster.worker.WorkerIdException;
import com.nocobase.cluster.worker.WorkerIdLease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * What may happen to a lease of a worker id, on a server of the test's own.
 */
class RedisWorkerIdFaultTests {

	private static final String APP = "test";

	private final RedisProcess server = RedisProcess.start();

	private final RedisInstances instances = new RedisInstances(this.server.properties(),
			(key, command) -> this.server.command(command));

	private final List<ConfigurableApplicationContext> started = new ArrayList<>();

	@AfterEach
	void stop() {
		this.started.forEach(ConfigurableApplicationContext::close);
		this.server.close();
	}

	private ConfigurableApplicationContext start(String... properties) {
		ConfigurableApplicationContext instance = this.instances.start(properties);
		this.started.add(instance);
		return instance;
	}

	private ConfigurableApplicationContext startUnsettled() {
		ConfigurableApplicationContext instance = this.instances.startUnsettled(APP);
		this.started.add(instance);
		return instance;
	}

	private static SnowflakeIds ids(ConfigurableApplicationContext instance) {
		return instance.getBean(SnowflakeIds.class);
	}

	private static void awaitIdAbove(long last, SnowflakeIds ids) {
		await().atMost(Duration.ofSeconds(20))
			.ignoreExceptionsInstanceOf(WorkerIdException.class)
			.untilAsserted(() -> assertThat(ids.next()).isGreaterThan(last));
	}

	private String entry(int id) {
		return this.server.command("HGET", this.instances.registry(APP), Integer.toString(id));
	}

	@Test
	void allocationThatIsSentTwiceGivesOneIdAndNothingIsOrphaned() {
		ConfigurableApplicationContext one = start();
		WorkerIdAllocator allocator = one.getBean(WorkerIdAllocator.class);
		TcpProxy proxy = one.getBean(OwnNetwork.class).proxy();

		for (int i = 0; i < 1_000; i++) {
			proxy.dropReplies(1, RedisWorkerIdFaultTests::isOfTheRegistry);
			WorkerIdLease lease = allocator.allocate(32);
			assertThat(lease.workerId()).isOne();
			proxy.dropReplies(1, RedisWorkerIdFaultTests::isOfTheRegistry);
			lease.giveBack(lease::floor);
			assertThat(lease.horizon()).isEqualTo(Instant.MIN);
		}

		assertThat(proxy.dropped()).isGreaterThanOrEqualTo(2_000);
		assertThat(this.server.command("HKEYS", this.instances.registry(APP)).lines())
			.containsExactlyInAnyOrder("created", "0", "1");
		assertThat(entry(1)).startsWith("|0|");
		assertThat(ids(one).workerId()).isZero();
	}

	/** Not a heartbeat, which carries the registry too. */
	private static boolean isOfTheRegistry(String request) {
		return request.contains(":member}workers") && !request.contains(":instance:");
	}

	@Test
	void firstStartOfAllWaitsForOthersOnceAndNoLonger() {
		long begun = System.nanoTime();
		assertThat(ids(startUnsettled()).workerId()).isZero();
		assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThanOrEqualTo(RedisWorkerIds.SETTLING);

		assertThat(ids(startUnsettled()).workerId()).isOne();
		assertThat(Long.parseLong(this.server.command("HGET", this.instances.registry(APP), "created")))
			.isLessThan(System.currentTimeMillis() - RedisWorkerIds.SETTLING.toMillis());
	}

	@Test
	void holdersKeepTheirIdsWhenTheServerLosesItsDataAndOthersStart() {
		SnowflakeIds zero = ids(start());
		SnowflakeIds one = ids(start());
		long before = Math.max(zero.next(), one.next());

		this.server.command("FLUSHALL");
		SnowflakeIds next = ids(startUnsettled());

		assertThat(next.workerId()).isEqualTo(31);
		assertThat(entry(0)).isNotEmpty();
		assertThat(entry(1)).isNotEmpty();
		assertThat(List.of(zero.workerId(), one.workerId())).containsExactly(0, 1);
		assertThat(List.of(zero.next(), one.next(), next.next())).doesNotHaveDuplicates()
			.allSatisfy((id) -> assertThat(id).isGreaterThan(before));
	}

	@Test
	void idThatAnotherTookIsLostAndReplaced() {
		SnowflakeIds ids = ids(start());
		long before = ids.next();
		String end = Long.toString(System.currentTimeMillis() + 60_000);

		this.server.command("HSET", this.instances.registry(APP), "0", "stranger|" + end + "|1|1");

		TestCluster.eventually(() -> assertThatExceptionOfType(WorkerIdException.class).isThrownBy(ids::next)
			.withMessageContaining("lost"));
		awaitIdAbove(before, ids);
		assertThat(ids.workerId()).isOne();
		assertThat(entry(0)).startsWith("stranger");
	}

	@Test
	void holderThatIsCutOffStopsByItsOwnClockBeforeAnotherGetsItsId() {
		ConfigurableApplicationContext paused = start("nocobase.cluster.worker-id.ttl=3s");
		long last = ids(paused).next();
		TcpProxy proxy = paused.getBean(OwnNetwork.class).proxy();

		proxy.silence();
		await().pollInterval(Duration.ofMillis(500)).atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
			SnowflakeIds next = ids(start("nocobase.cluster.worker-id.ttl=3s"));
			assertThat(next.workerId()).isZero();
			assertThat(next.next()).isGreaterThan(last);
		});
		assertThatExceptionOfType(WorkerIdException.class).isThrownBy(ids(paused)::next).withMessageContaining("lost");
		proxy.resume();

		awaitIdAbove(last, ids(paused));
		assertThat(ids(paused).workerId()).isPositive();
	}

	@Test
	void givenBackIdIsBlockedOnlyForWhatWasUsed() {
		ConfigurableApplicationContext one = start();
		SnowflakeIds ids = ids(one);
		Instant used = ids.parse(ids.next()).timestamp();
		assertThat(Long.parseLong(entry(0).split("\\|")[2])).isGreaterThan(used.getEpochSecond() + 20);

		one.close();

		long second = used.getEpochSecond();
		assertThat(entry(0)).isEqualTo("|0|" + second + "|" + second);
	}

	@Test
	void leaseThatIsClosedWithoutAWordBlocksUpToItsHorizon() {
		ConfigurableApplicationContext one = start();
		WorkerIdLease lease = one.getBean(WorkerIdAllocator.class).allocate(32);
		lease.close();

		assertThat(lease.horizon()).isEqualTo(Instant.MIN);
		assertThat(Long.parseLong(entry(lease.workerId()).split("\\|")[2]))
			.isGreaterThan(Instant.now().getEpochSecond() + 20);
	}

}
