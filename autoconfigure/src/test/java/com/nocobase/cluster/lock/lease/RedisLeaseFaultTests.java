package com.nocobase.cluster.lock.lease;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.task.SimpleAsyncTaskExecutor;

import com.nocobase.cluster.lock.FencedLockManager;
import com.nocobase.cluster.lock.LeaseLostException;
import com.nocobase.cluster.lock.LockException;
import com.nocobase.cluster.lock.LockOptions;
import com.nocobase.cluster.redis.QuickReconnects;
import com.nocobase.cluster.redis.RedisOptions;
import com.nocobase.cluster.redis.RedisProcess;
import com.nocobase.cluster.redis.TcpProxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Leases when server and network fail.
 */
class RedisLeaseFaultTests {

	private static final Duration WAIT = Duration.ofSeconds(5);

	private static final LockOptions OPTIONS = LockOptions.DEFAULTS.withTtl(Duration.ofSeconds(3)).withMaxWait(WAIT);

	private static final Duration TIMEOUT = Duration.ofSeconds(3);

	/** One command, and a busy machine. */
	private static final Duration LITTLE = TIMEOUT.plusSeconds(1);

	private final String app = "app-" + UUID.randomUUID();

	private final String key = UUID.randomUUID().toString();

	private final RedisProcess redis = RedisProcess.start(RedisOptions.aof());

	private final List<TcpProxy> networks = new ArrayList<>();

	private final List<ConfigurableApplicationContext> instances = new ArrayList<>();

	private final SimpleAsyncTaskExecutor threads = new SimpleAsyncTaskExecutor();

	private final AtomicInteger bodies = new AtomicInteger();

	@AfterEach
	void stop() {
		this.networks.forEach(TcpProxy::resume);
		this.instances.forEach(ConfigurableApplicationContext::close);
		this.networks.forEach(TcpProxy::close);
		this.redis.close();
	}

	private FencedLockManager locks() {
		TcpProxy network = TcpProxy.to(this.redis.host(), this.redis.port());
		this.networks.add(network);
		ConfigurableApplicationContext instance = LeaseInstances.behind(network,
				(context) -> context.registerBean(QuickReconnects.class), "nocobase.cluster.name=" + this.app,
				"nocobase.cluster.redis.timeout=" + TIMEOUT.toMillis() + "ms");
		this.instances.add(instance);
		return instance.getBean(FencedLockManager.class);
	}

	private TcpProxy network(int index) {
		return this.networks.get(index);
	}

	private void awaitNothingLeft() {
		await().atMost(Duration.ofSeconds(10))
			.untilAsserted(() -> assertThat(this.redis.command("KEYS", "{" + this.app + ":lock:*").lines())
				.allMatch((each) -> each.endsWith("}token")));
	}

	@Test
	void lostRepliesLeaveNothingBehind() {
		loseReplies(1_000);
	}

	@Test
	@Tag("chaos")
	void manyLostRepliesLeaveNothingBehind() {
		loseReplies(20_000);
	}

	private void loseReplies(int count) {
		List<FencedLockManager> managers = List.of(locks(), locks());
		AtomicInteger asks = new AtomicInteger();
		AtomicInteger renewals = new AtomicInteger();
		AtomicInteger releases = new AtomicInteger();
		for (int i = 0; i < 2; i++) {
			AtomicInteger seen = new AtomicInteger();
			network(i).dropReplies(Integer.MAX_VALUE, (request) -> {
				if (!request.contains("EVALSHA") || !request.contains(":lock:") || seen.incrementAndGet() % 3 != 0) {
					return false;
				}
				AtomicInteger counter = !request.contains("}queue:") ? renewals
						: request.contains(this.app + ":instance:") ? asks : releases;
				counter.incrementAndGet();
				return true;
			});
		}

		LeaseLog log = new LeaseLog();
		try (log) {
			for (int i = 0; i < 8; i++) {
				log.work(managers.get(i % 2), this.key + "|" + i / 4, OPTIONS);
			}
			await().atMost(Duration.ofMinutes(5)).until(() -> network(0).dropped() + network(1).dropped() >= count);
			network(0).dropNothing();
			network(1).dropNothing();
		}

		System.out.printf("Lost replies: %s asks, %s renewals, %s releases; %s grants, longest wait %s%n", asks,
				renewals, releases, log.grants(), log.longest());
		assertThat(log.failures()).isEmpty();
		assertThat(log.doubled()).isZero();
		assertThat(log.overlaps()).isZero();
		assertThat(log.stepsBack()).isZero();
		assertThat(asks).hasPositiveValue();
		assertThat(renewals).hasPositiveValue();
		assertThat(releases).hasPositiveValue();
		awaitNothingLeft();
	}

	@ParameterizedTest
	@EnumSource
	void workGoesOnAfter(Fault fault) throws Exception {
		List<FencedLockManager> managers = List.of(locks(), locks());
		CountDownLatch end = new CountDownLatch(1);
		CompletableFuture<Boolean> held = held(managers.get(0), this.key + "-held", end);
		LeaseLog log = new LeaseLog();
		try (log) {
			for (int i = 0; i < 6; i++) {
				log.work(managers.get(i % 2), this.key, OPTIONS);
			}
			await().until(() -> log.grants() > 50);
			fault.happen(this.redis);
			int before = log.grants();
			await().atMost(Duration.ofSeconds(15)).until(() -> log.grants() > before + 50);
			if (!fault.keeps) {
				assertThatExceptionOfType(Exception.class).isThrownBy(() -> held.get(10, TimeUnit.SECONDS))
					.withCauseInstanceOf(LeaseLostException.class);
			}
		}
		end.countDown();

		System.out.printf("%s: %d grants, %d failures, %d overlaps, longest wait %s%n", fault, log.grants(),
				log.failures().size(), log.overlaps(), log.longest());
		if (fault.keeps) {
			assertThat(held.get(10, TimeUnit.SECONDS)).isTrue();
			assertThat(log.overlaps()).isZero();
		}
		assertThat(log.failures()).allMatch(LockException.class::isInstance);
		assertThat(log.doubled()).isZero();
		assertThat(log.longest()).isLessThan(WAIT.plus(LITTLE));
		awaitNothingLeft();
	}

	private CompletableFuture<Boolean> held(FencedLockManager locks, String key, CountDownLatch end) {
		CountDownLatch begun = new CountDownLatch(1);
		CompletableFuture<Boolean> held = CompletableFuture
			.supplyAsync(() -> locks.runExclusive(key, LockOptions.DEFAULTS.withTtl(Duration.ofSeconds(9)), () -> {
				this.bodies.incrementAndGet();
				begun.countDown();
				try {
					return end.await(60, TimeUnit.SECONDS);
				}
				catch (InterruptedException ex) {
					return false;
				}
				finally {
					this.bodies.decrementAndGet();
				}
			}), this.threads);
		await().until(() -> begun.getCount() == 0);
		return held;
	}

	@Test
	void whoIsCutOffLosesInTimeAndOthersGoOn() {
		FencedLockManager cut = locks();
		FencedLockManager silent = locks();
		FencedLockManager other = locks();
		CompletableFuture<Boolean> lostByCut = held(cut, this.key + 1, new CountDownLatch(1));
		CompletableFuture<Boolean> lostBySilence = held(silent, this.key + 2, new CountDownLatch(1));
		long start = System.nanoTime();

		network(0).cut();
		network(1).silence();

		assertThatExceptionOfType(LockException.class).isThrownBy(() -> cut.acquire(this.key + 3, OPTIONS));
		assertThatExceptionOfType(LockException.class).isThrownBy(() -> silent.acquire(this.key + 3, OPTIONS));
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(8));
		for (int i = 1; i <= 3; i++) {
			other.acquire(this.key + i, OPTIONS.withMaxWait(Duration.ofSeconds(11)));
		}
		// Bodies end at the latest when the server lets others in.
		await().atMost(Duration.ofMillis(500)).until(() -> this.bodies.get() == 0);
		for (CompletableFuture<Boolean> held : List.of(lostByCut, lostBySilence)) {
			assertThatExceptionOfType(Exception.class)
				.isThrownBy(() -> held.get(LITTLE.toMillis(), TimeUnit.MILLISECONDS))
				.withCauseInstanceOf(LeaseLostException.class);
		}
		await().until(() -> System.nanoTime() - start > Duration.ofSeconds(10).toNanos());
		network(0).restore();
		network(1).resume();
		for (FencedLockManager each : List.of(cut, silent)) {
			await().atMost(Duration.ofSeconds(10)).ignoreExceptions().until(() -> {
				each.runExclusive(this.key + "again", OPTIONS, () -> true);
				return true;
			});
		}
	}

	/**
	 * What may happen to a server.
	 */
	enum Fault {

		RESTART_WITH_DATA(true) {
			@Override
			void happen(RedisProcess redis) {
				redis.restart(true);
			}
		},

		RESTART_WITHOUT_DATA(false) {
			@Override
			void happen(RedisProcess redis) {
				redis.restart(false);
			}
		},

		KILL(true) {
			@Override
			void happen(RedisProcess redis) {
				redis.kill();
				redis.startAgain();
			}
		},

		PAUSE(true) {
			@Override
			void happen(RedisProcess redis) {
				redis.pause();
				await().pollDelay(Duration.ofSeconds(5)).until(() -> true);
				redis.resume();
			}
		},

		SCRIPT_FLUSH(true) {
			@Override
			void happen(RedisProcess redis) {
				redis.command("SCRIPT", "FLUSH");
			}
		},

		CLIENT_KILL_NORMAL(true) {
			@Override
			void happen(RedisProcess redis) {
				redis.command("CLIENT", "KILL", "TYPE", "normal");
			}
		},

		CLIENT_KILL_PUBSUB(true) {
			@Override
			void happen(RedisProcess redis) {
				redis.command("CLIENT", "KILL", "TYPE", "pubsub");
			}
		};

		private final boolean keeps;

		Fault(boolean keeps) {
			this.keeps = keeps;
		}

		abstract void happen(RedisProcess redis);

	}

}
