package com.nocobase.cluster.lock.lease;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ConfigurableApplicationContext;

import com.nocobase.cluster.lock.FencedLockManager;
import com.nocobase.cluster.lock.Lease;
import com.nocobase.cluster.lock.LockException;
import com.nocobase.cluster.lock.LockManager;
import com.nocobase.cluster.lock.LockOptions;
import com.nocobase.cluster.message.Instance;
import com.nocobase.cluster.redis.RedisOptions;
import com.nocobase.cluster.redis.RedisProcess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

/**
 * Leases where not everybody is to be trusted.
 */
@ExtendWith(OutputCaptureExtension.class)
class RedisLeaseSecurityTests {

	private static final LockOptions OPTIONS = LockOptions.DEFAULTS.withTtl(Duration.ofSeconds(20))
		.withMaxWait(Duration.ofSeconds(10));

	private static final String COMMANDS = "-@all +evalsha +eval +get +set +del +pttl +pexpire +time +hset +hget +hdel"
			+ " +exists +getset +rpush +lindex +lrem +publish +subscribe +unsubscribe +ping +hello +auth +client";

	private final String secret = "secret-" + UUID.randomUUID();

	private final List<ConfigurableApplicationContext> instances = new ArrayList<>();

	@AfterEach
	void stop() {
		this.instances.forEach(ConfigurableApplicationContext::close);
	}

	private FencedLockManager locks(String app, RedisProcess redis, String... properties) {
		ConfigurableApplicationContext instance = LeaseInstances.start((context) -> {
			TestPropertyValues.of(Map.of("nocobase.cluster.name", app)).applyTo(context);
			TestPropertyValues.of(redis.properties()).and(properties).applyTo(context);
			context.register(SslAutoConfiguration.class);
		});
		this.instances.add(instance);
		return instance.getBean(FencedLockManager.class);
	}

	private static void assertHandsOver(LockManager one, LockManager two) throws InterruptedException {
		Lease lease = one.acquire("key", OPTIONS);
		lease.extend(Duration.ofSeconds(20));
		Thread waiter = new Thread(() -> two.runExclusive("key", OPTIONS, () -> true));
		waiter.start();
		await().until(() -> waiter.getState() == Thread.State.TIMED_WAITING);
		lease.release();
		waiter.join(5_000);
		assertThat(waiter.isAlive()).isFalse();
	}

	@Test
	void userNeedsNoMoreThanTheKeysAndChannelsOfTheApplication(CapturedOutput output) throws Exception {
		try (RedisProcess redis = RedisProcess
			.start(RedisOptions.none().withUser("crm", this.secret, "~{crm:* &crm:* " + COMMANDS))) {
			String[] user = { "spring.data.redis.username=crm", "spring.data.redis.password=" + this.secret };

			assertHandsOver(locks("crm", redis, user), locks("crm", redis, user));
			stop();
			assertThat(redis.command("ACL", "LOG")).doesNotContain("crm:");
		}
		assertThat(output).contains("nocobase").doesNotContain(this.secret);
	}

	@Test
	void passwordOverTlsIsNeverLogged(CapturedOutput output) throws Exception {
		try (RedisProcess redis = RedisProcess.start(RedisOptions.none().withPassword(this.secret).withTls())) {
			FencedLockManager locks = locks("crm", redis);

			assertHandsOver(locks, locks("crm", redis));
			redis.kill();
			assertThat(catchThrowable(() -> locks.acquire("key", OPTIONS))).isInstanceOf(LockException.class);
			stop();
		}
		assertThat(output).contains("nocobase").doesNotContain(this.secret);
	}

	@Test
	void forgedNewsAreIgnored(CapturedOutput output) throws Exception {
		try (RedisProcess redis = RedisProcess.start()) {
			FencedLockManager one = locks("crm", redis);
			FencedLockManager two = locks("crm", redis);
			Lease held = one.acquire("held", OPTIONS);
			String owner = redis.command("GET", "{crm:lock:" + LeaseKeys.bucket("held") + "}holder:held")
				.split("\\|")[1];
			for (ConfigurableApplicationContext instance : this.instances) {
				String channel = "crm:instance:" + instance.getBean(Instance.class).id();
				for (String news : List.of("", "l", "l?", "l|", "l||", "lgarbage", "l?nobody", "l1|2|owner-of-nobody",
						"l1|2|nobody\n{crm:lock:0}holder:held", "l1|2|" + owner + "\n", "l-|-|a\n}holder:", "x", "\n",
						"l99999999999999999999|1|a\n{x}holder:b", "l" + "9|".repeat(500_000))) {
					assertThat(redis.command("PUBLISH", channel, news)).isEqualTo("1");
				}
			}

			assertHandsOver(one, two);
			assertThat(held.isHeld()).isTrue();
			assertThat(two.tryAcquire("held", OPTIONS.withMaxWait(Duration.ZERO))).isEmpty();
		}
		assertThat(output).doesNotContain("Exception");
	}

	@Test
	void oddNamesDoNotMeet() {
		List<String> odd = List.of("*", "?", "[a]", "{", "}", "{}", "|", "a|b", "a\nb", "a\0b", "a\\b", "a:b",
				"}holder:", "a}holder:a");
		try (RedisProcess redis = RedisProcess.start()) {
			Map<String, Lease> leases = new HashMap<>();
			for (String app : odd) {
				FencedLockManager locks = locks(app, redis, "spring.application.name=none");
				for (String key : odd) {
					leases.put(app + "\t" + key, locks.tryAcquire(key, OPTIONS).orElseThrow());
					assertThat(locks.tryAcquire(key, OPTIONS.withMaxWait(Duration.ZERO))).isEmpty();
				}
			}

			assertThat(redis.command("EVAL", "return #redis.call('KEYS', '{*}holder:*')", "0"))
				.isEqualTo(String.valueOf(odd.size() * odd.size()));
			leases.values().forEach(Lease::release);
			assertThat(redis.command("EVAL", "return #redis.call('KEYS', '*[^n]')", "0")).isEqualTo("0");
		}
	}

	@Test
	void oddInstanceIdsAreWokenByName() throws Exception {
		try (RedisProcess redis = RedisProcess.start()) {
			for (String id : List.of("a|b", "a\nb", "l?x", "ü*[?]{}")) {
				assertHandsOver(locks("crm", redis), instanceOf(redis, id));
			}
		}
	}

	private FencedLockManager instanceOf(RedisProcess redis, String id) {
		ConfigurableApplicationContext instance = LeaseInstances.start((context) -> {
			TestPropertyValues.of(Map.of("nocobase.cluster.name", "crm", "nocobase.cluster.instance-id", id))
				.applyTo(context);
			TestPropertyValues.of(redis.properties()).applyTo(context);
		});
		this.instances.add(instance);
		return instance.getBean(FencedLockManager.class);
	}

}
