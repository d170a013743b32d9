package com.nocobase.cluster.lock.registry;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.integration.redis.util.RedisLockRegistry;

import com.nocobase.cluster.lock.Lease;
import com.nocobase.cluster.lock.LockException;
import com.nocobase.cluster.lock.LockManager;
import com.nocobase.cluster.lock.LockOptions;
import com.nocobase.cluster.redis.TcpProxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * What is special about locks in Redis: who shares them, and what is left behind.
 */
class RedisSharedLocksTests {

	private static final LockOptions OPTIONS = LockOptions.DEFAULTS.withTtl(Duration.ofSeconds(20));

	private final String registryKey = UUID.randomUUID().toString();

	private final ConfigurableApplicationContext context = RedisInstances
		.start("nocobase.cluster.lock.registry-key=" + this.registryKey);

	private final LockManager locks = this.context.getBean(LockManager.class);

	private final StringRedisTemplate redis = this.context.getBean(StringRedisTemplate.class);

	private final TcpProxy network = this.context.getBean(TcpProxy.class);

	private final RedisLockRegistry plain = new RedisLockRegistry(this.context.getBean(RedisConnectionFactory.class),
			this.registryKey);

	private final ExecutorService threads = Executors.newCachedThreadPool();

	@AfterEach
	void stop() {
		this.threads.shutdownNow();
		this.plain.destroy();
		this.context.close();
	}

	private boolean isTaken(String key) {
		return this.redis.hasKey(this.registryKey + ":" + key);
	}

	@Test
	void plainRegistryWithTheSameKeySharesTheLocks() throws Exception {
		try (Lease lease = this.locks.acquire("orders:1", OPTIONS)) {
			assertThat(this.plain.obtain(lease.key()).tryLock()).isFalse();
		}
		assertThat(this.plain.obtain("orders:1").tryLock()).isTrue();
		assertThat(this.locks.tryAcquire("orders:1", OPTIONS)).isEmpty();

		Future<Lease> waiter = this.threads.submit(() -> this.locks.acquire("orders:1", OPTIONS));
		await().during(Duration.ofMillis(100)).until(() -> !waiter.isDone());
		this.plain.obtain("orders:1").unlock();

		assertThat(waiter.get(5, TimeUnit.SECONDS).isHeld()).isTrue();
	}

	@Test
	void nestedLocksLeaveNothingBehind() {
		List<Lease> leases = IntStream.range(0, 2000)
			.mapToObj((number) -> this.locks.acquire("nested-" + number, OPTIONS))
			.toList();

		assertThat(this.redis.keys(this.registryKey + ":*")).hasSize(2000);
		leases.forEach(Lease::release);

		assertThat(this.redis.keys(this.registryKey + ":*")).isEmpty();
	}

	@Test
	void manyLeasesNeedFewThreadsAndAreRenewed() {
		int before = Thread.activeCount();
		List<Lease> leases = IntStream.range(0, 10_000)
			.mapToObj((number) -> this.locks.acquire("many-" + number,
					LockOptions.DEFAULTS.withTtl(Duration.ofMinutes(1))))
			.toList();

		assertThat(Thread.activeCount() - before).isLessThan(10);
		leases.forEach((lease) -> lease.extend(Duration.ofMinutes(10)));

		assertThat(this.redis.getExpire(this.registryKey + ":many-9999")).isGreaterThan(500);
		assertThat(leases).allMatch(Lease::isHeld);
		leases.forEach(Lease::release);
		assertThat(isTaken("many-9999")).isFalse();
	}

	@Test
	void otherThreadGivesBackAtOnce() throws Exception {
		for (int i = 0; i < 200; i++) {
			Lease lease = this.locks.acquire("elsewhere", OPTIONS);
			this.threads.submit(lease::release).get(5, TimeUnit.SECONDS);
			assertThat(isTaken("elsewhere")).isFalse();
		}
	}

	@Test
	void interruptedThreadGivesBackAtOnce() {
		Lease lease = this.locks.acquire("interrupted", OPTIONS);
		Thread.currentThread().interrupt();
		lease.release();

		assertThat(Thread.interrupted()).isTrue();
		assertThat(isTaken("interrupted")).isFalse();
	}

	@Test
	void noThreadOfAProcessStarves() throws Exception {
		List<Future<Integer>> shares = new ArrayList<>();
		long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(3);
		for (int i = 0; i < 8; i++) {
			shares.add(this.threads.submit(() -> {
				int share = 0;
				while (System.nanoTime() < end) {
					this.locks.acquire("contended", OPTIONS).release();
					share++;
				}
				return share;
			}));
		}
		List<Integer> counted = new ArrayList<>();
		for (Future<Integer> share : shares) {
			counted.add(share.get(30, TimeUnit.SECONDS));
		}

		assertThat(counted.stream().mapToInt(Integer::intValue).min().orElseThrow())
			.isGreaterThan(counted.stream().mapToInt(Integer::intValue).max().orElseThrow() / 2);
	}

	@Test
	void replyThatIsLostTakesNoLockTwiceAndLeavesNone() {
		for (int i = 0; i < 5; i++) {
			this.network.dropNextReply("lost-reply");
			Lease lease = this.locks.acquire("lost-reply", OPTIONS);
			this.network.dropNextReply("lost-reply");
			lease.release();
			assertThat(isTaken("lost-reply")).isFalse();
		}
	}

	@Test
	void serverThatDoesNotAnswerFailsTheCallerAndLeavesNothingBehind() {
		this.network.silence();
		assertThatExceptionOfType(LockException.class).isThrownBy(() -> this.locks.tryAcquire("silent", OPTIONS))
			.withMessageContaining("silent")
			.withCauseInstanceOf(RuntimeException.class);
		this.network.resume();

		await().untilAsserted(() -> {
			Lease lease = this.locks.tryAcquire("silent", OPTIONS).orElseThrow();
			lease.release();
		});
		assertThat(isTaken("silent")).isFalse();
	}

	@Test
	void lossIsToldAtTheNextRenewal() {
		LockOptions options = LockOptions.DEFAULTS.withTtl(Duration.ofSeconds(3));
		Lease lease = this.locks.acquire("stolen", options);
		this.redis.opsForValue().set(this.registryKey + ":stolen", "somebody");

		assertThatExceptionOfType(LockException.class).isThrownBy(() -> lease.extend(Duration.ofSeconds(3)));
		assertThat(lease.isHeld()).isFalse();
		lease.release();
		assertThat(this.redis.opsForValue().get(this.registryKey + ":stolen")).isEqualTo("somebody");
	}

}
