package com.nocobase.cluster.worker.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;

import com.nocobase.cluster.redis.OwnNetwork;
import com.nocobase.cluster.redis.RedisProcess;
import com.nocobase.cluster.worker.SnowflakeIds;
import com.nocobase.cluster.worker.WorkerIdException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Instances that give out ids while their server suffers: no id comes twice.
 */
class RedisIdChaosTests {

	private static final String SHORT = "nocobase.cluster.worker-id.ttl=4s";

	private static final String IMPATIENT = "nocobase.cluster.redis.timeout=2s";

	private final RedisProcess server = RedisProcess.start();

	private final RedisInstances instances = new RedisInstances(this.server.properties(),
			(key, command) -> this.server.command(command));

	private final List<ConfigurableApplicationContext> started = new ArrayList<>();

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private final Set<Long> given = ConcurrentHashMap.newKeySet();

	private final Set<Long> repeated = ConcurrentHashMap.newKeySet();

	private final AtomicLong number = new AtomicLong();

	private volatile boolean stopped;

	@AfterEach
	void stop() throws InterruptedException {
		this.stopped = true;
		this.threads.shutdownNow();
		assertThat(this.threads.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
		this.started.forEach(ConfigurableApplicationContext::close);
		this.server.close();
	}

	private ConfigurableApplicationContext start() {
		ConfigurableApplicationContext instance = this.instances.startUnsettled("test", SHORT, IMPATIENT);
		this.started.add(instance);
		SnowflakeIds ids = instance.getBean(SnowflakeIds.class);
		this.threads.execute(() -> giveOut(ids));
		return instance;
	}

	private void giveOut(SnowflakeIds ids) {
		while (!this.stopped) {
			try {
				long id = ids.next();
				if (!this.given.add(id)) {
					this.repeated.add(id);
				}
				this.number.incrementAndGet();
			}
			catch (WorkerIdException ex) {
				// lost for now, which is what the test is about
			}
			LockSupport.parkNanos(500_000);
		}
	}

	/** Every instance gives out ids again. */
	private void awaitIds() {
		for (ConfigurableApplicationContext instance : this.started) {
			SnowflakeIds ids = instance.getBean(SnowflakeIds.class);
			await().atMost(Duration.ofSeconds(40))
				.ignoreExceptionsInstanceOf(WorkerIdException.class)
				.untilAsserted(() -> {
					long id = ids.next();
					assertThat(this.given.add(id)).isTrue();
				});
		}
	}

	private static void pass(Duration time) {
		await().pollDelay(time).atMost(time.plusMinutes(1)).until(() -> true);
	}

	@Test
	void idsOfSeveralInstancesNeverRepeatWhateverHappens() {
		ConfigurableApplicationContext first = start();
		start();
		start();

		this.server.command("SCRIPT", "FLUSH");
		this.server.command("CLIENT", "KILL", "TYPE", "normal");
		this.server.command("CLIENT", "KILL", "TYPE", "pubsub");
		awaitIds();

		this.server.command("FLUSHALL");
		start();
		awaitIds();

		this.server.pause();
		pass(Duration.ofSeconds(5));
		this.server.resume();
		awaitIds();

		first.getBean(OwnNetwork.class).proxy().cut();
		pass(Duration.ofSeconds(6));
		start();
		first.getBean(OwnNetwork.class).proxy().restore();
		awaitIds();

		this.server.restart(true);
		awaitIds();
		this.server.restart(false);
		start();
		awaitIds();

		assertThat(this.repeated).isEmpty();
		assertThat(this.number).hasValueGreaterThan(1_000);
	}

}
