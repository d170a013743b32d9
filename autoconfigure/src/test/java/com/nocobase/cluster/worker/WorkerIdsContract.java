package com.nocobase.cluster.worker;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * What every allocator of worker ids promises, on one, two and three instances.
 */
public abstract class WorkerIdsContract {

	private static final String SHORT = "nocobase.cluster.worker-id.ttl=1s";

	private final List<ConfigurableApplicationContext> instances = new ArrayList<>();

	/**
	 * Starts an instance that is connected to those started before.
	 * @param properties what to configure besides the allocator
	 * @return the instance
	 */
	protected abstract ConfigurableApplicationContext start(String... properties);

	/**
	 * Treats an instance as if its process had been killed.
	 * @param instance the instance
	 */
	protected abstract void crash(ConfigurableApplicationContext instance);

	private ConfigurableApplicationContext instance(String... properties) {
		ConfigurableApplicationContext instance = start(properties);
		this.instances.add(instance);
		return instance;
	}

	private static SnowflakeIds ids(ConfigurableApplicationContext instance) {
		return instance.getBean(SnowflakeIds.class);
	}

	@AfterEach
	void stopInstances() {
		this.instances.forEach(ConfigurableApplicationContext::close);
	}

	@Test
	void liveInstancesHaveDifferentWorkerIds() {
		Set<Integer> workers = new HashSet<>();
		Set<Long> given = new HashSet<>();
		for (int i = 0; i < 3; i++) {
			SnowflakeIds ids = ids(instance());
			workers.add(ids.workerId());
			for (int round = 0; round < 100; round++) {
				given.add(ids.next());
			}
		}

		assertThat(workers).containsExactlyInAnyOrder(0, 1, 2);
		assertThat(given).hasSize(300);
	}

	@Test
	void workerIdThatWasGivenBackIsFree() {
		ConfigurableApplicationContext one = instance();
		ids(instance());
		long before = ids(one).next();
		one.close();

		SnowflakeIds next = ids(instance());

		assertThat(next.workerId()).isZero();
		assertThat(next.next()).isGreaterThan(before);
	}

	/** I3. */
	@Test
	void restartTakesAWorkerIdAgain() {
		ConfigurableApplicationContext one = instance();
		long before = ids(one).next();

		one.stop();
		assertThat(ids(instance()).workerId()).isZero();
		one.start();

		assertThat(ids(one).workerId()).isOne();
		assertThat(ids(one).next()).isGreaterThan(before);
	}

	@Test
	void workerIdOfACrashedInstanceIsFreeAfterItsTime() {
		ConfigurableApplicationContext one = instance(SHORT);
		long before = ids(one).next();

		crash(one);

		assertThat(ids(instance(SHORT)).workerId()).isOne();
		await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
			SnowflakeIds next = ids(instance(SHORT));
			assertThat(next.workerId()).isZero();
			assertThat(next.next()).isGreaterThan(before);
		});
		assertThatExceptionOfType(WorkerIdException.class).isThrownBy(ids(one)::next).withMessageContaining("lost");
	}

	@Test
	void noMoreInstancesThanWorkerIds() {
		String twoWorkers = "nocobase.cluster.worker-id.worker-bits=1";
		instance(twoWorkers);
		instance(twoWorkers);

		assertThatExceptionOfType(Exception.class).isThrownBy(() -> instance(twoWorkers))
			.havingRootCause()
			.isInstanceOf(WorkerIdException.class)
			.withMessageContaining("worker-bits");
	}

	@Test
	void applicationsDoNotShareWorkerIds() {
		assertThat(ids(instance("nocobase.cluster.name=crm")).workerId()).isZero();
		assertThat(ids(instance("nocobase.cluster.name=shop")).workerId()).isZero();
	}

	@Test
	void leaseKnowsFloorAndHorizon() {
		ConfigurableApplicationContext one = instance();
		WorkerIdLease lease = one.getBean(WorkerIdAllocator.class).allocate(32);

		assertThat(lease.horizon()).isAfterOrEqualTo(Instant.now().minusSeconds(1));
		assertThat(lease.floor()).isBefore(Instant.now().plusSeconds(1));
		lease.close();
		lease.close();
		assertThat(lease.horizon()).isEqualTo(Instant.MIN);
	}

}
