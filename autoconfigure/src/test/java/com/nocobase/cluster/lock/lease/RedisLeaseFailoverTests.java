package com.nocobase.cluster.lock.lease;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.task.SimpleAsyncTaskExecutor;

import com.nocobase.cluster.lock.FencedLockManager;
import com.nocobase.cluster.lock.LeaseLostException;
import com.nocobase.cluster.lock.LockException;
import com.nocobase.cluster.lock.LockManager;
import com.nocobase.cluster.lock.LockOptions;
import com.nocobase.cluster.redis.RedisCluster;
import com.nocobase.cluster.redis.RedisProcess;
import com.nocobase.cluster.redis.RedisSentinel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Leases when one of several servers fails.
 */
class RedisLeaseFailoverTests {

	private static final LockOptions OPTIONS = LockOptions.DEFAULTS.withTtl(Duration.ofSeconds(3))
		.withMaxWait(Duration.ofSeconds(5));

	private final String key = UUID.randomUUID().toString();

	private final List<ConfigurableApplicationContext> instances = new ArrayList<>();

	private final SimpleAsyncTaskExecutor threads = new SimpleAsyncTaskExecutor();

	@AfterEach
	void stop() {
		this.instances.forEach(ConfigurableApplicationContext::close);
	}

	private FencedLockManager locks(String... properties) {
		ConfigurableApplicationContext instance = LeaseInstances
			.start((context) -> TestPropertyValues.of(properties).applyTo(context));
		this.instances.add(instance);
		return instance.getBean(FencedLockManager.class);
	}

	private CompletableFuture<Boolean> held(LockManager locks, String name, Duration ttl, CountDownLatch begun,
			CountDownLatch end) {
		return CompletableFuture.supplyAsync(() -> locks.runExclusive(name, LockOptions.DEFAULTS.withTtl(ttl), () -> {
			begun.countDown();
			try {
				return end.await(60, TimeUnit.SECONDS);
			}
			catch (InterruptedException ex) {
				return false;
			}
		}), this.threads);
	}

	@Test
	void tokensRiseOverAFailover() throws Exception {
		try (RedisSentinel sentinel = RedisSentinel.start(1); LeaseLog log = new LeaseLog()) {
			List<FencedLockManager> managers = List.of(locks(sentinel.properties()), locks(sentinel.properties()));
			CountDownLatch begun = new CountDownLatch(2);
			CountDownLatch end = new CountDownLatch(1);
			CompletableFuture<Boolean> kept = held(managers.get(0), this.key + 1, Duration.ofSeconds(30), begun, end);
			CompletableFuture<Boolean> lost = held(managers.get(1), this.key + 2, Duration.ofSeconds(6), begun, end);
			for (int i = 0; i < 6; i++) {
				log.work(managers.get(i % 2), this.key, OPTIONS);
			}
			await().until(() -> log.grants() > 50 && begun.getCount() == 0);
			sentinel.awaitReplica();

			sentinel.killMaster();
			// As if it had not been replicated.
			sentinel.master()
				.command("DEL", "{application:lock:" + LeaseKeys.bucket(this.key + 2) + "}holder:" + this.key + 2);

			int before = log.grants();
			await().atMost(Duration.ofSeconds(15)).until(() -> log.grants() > before + 50);
			assertThatExceptionOfType(Exception.class).isThrownBy(() -> lost.get(4, TimeUnit.SECONDS))
				.withCauseInstanceOf(LeaseLostException.class);
			log.close();
			end.countDown();
			System.out.printf("Failover: %d grants, %d failures, longest wait %s%n", log.grants(),
					log.failures().size(), log.longest());
			assertThat(kept.get(10, TimeUnit.SECONDS)).isTrue();
			assertThat(log.failures()).allMatch(LockException.class::isInstance);
			assertThat(log.doubled()).isZero();
			assertThat(log.stepsBack()).isZero();
			stop();
		}
	}

	@Test
	void nodeThatIsDownTakesNoLeasesOfOthersAlong() throws Exception {
		try (RedisCluster cluster = RedisCluster.start()) {
			FencedLockManager locks = locks(cluster.properties());
			RedisProcess down = cluster.nodes().get(1);
			int count = 24;
			CountDownLatch begun = new CountDownLatch(count);
			CountDownLatch end = new CountDownLatch(1);
			Map<String, CompletableFuture<Boolean>> bodies = new LinkedHashMap<>();
			for (int i = 0; i < count; i++) {
				String name = this.key + i;
				bodies.put(name, held(locks, name, Duration.ofSeconds(3), begun, end));
			}
			await().until(() -> begun.getCount() == 0);

			down.pause();
			await().pollDelay(Duration.ofSeconds(5)).until(() -> true);
			end.countDown();
			int lost = 0;
			int kept = 0;
			for (Map.Entry<String, CompletableFuture<Boolean>> each : bodies.entrySet()) {
				if (cluster.nodeOf("{application:lock:" + LeaseKeys.bucket(each.getKey()) + "}") == down) {
					assertThatExceptionOfType(Exception.class)
						.isThrownBy(() -> each.getValue().get(10, TimeUnit.SECONDS))
						.withCauseInstanceOf(LeaseLostException.class);
					lost++;
				}
				else {
					assertThat(each.getValue().get(10, TimeUnit.SECONDS)).isTrue();
					kept++;
				}
			}
			System.out.printf("A node down: %d leases kept, %d lost%n", kept, lost);
			assertThat(lost).isPositive();
			assertThat(kept).isPositive();
			down.resume();
			stop();
		}
	}

}
