package com.nocobase.cluster.redis;

import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class RedisSentinelTests {

	@Test
	void replicaTakesOverFromKilledMaster() {
		try (RedisSentinel sentinel = RedisSentinel.start(3)) {
			RedisProcess replica = sentinel.replica();
			sentinel.master().command("SET", "key", "value");
			sentinel.awaitReplica();

			RedisProcess old = sentinel.killMaster();

			assertThat(sentinel.master()).isSameAs(replica);
			assertThat(replica.command("GET", "key")).isEqualTo("value");
			old.startAgain();
			sentinel.awaitReplica();
			assertThat(old.command("GET", "key")).isEqualTo("value");
		}
	}

	@Test
	void springFollowsTheMaster() {
		try (RedisSentinel sentinel = RedisSentinel.start(1)) {
			RedisContext.run(sentinel.properties(), (redis) -> {
				redis.opsForValue().set("key", "value");
				sentinel.awaitReplica();

				sentinel.failover();

				await().atMost(Duration.ofSeconds(10))
					.ignoreExceptionsInstanceOf(DataAccessException.class)
					.untilAsserted(() -> assertThat(redis.opsForValue().increment("count")).isPositive());
				assertThat(redis.opsForValue().get("key")).isEqualTo("value");
				assertThat(sentinel.master().command("EXISTS", "count")).isEqualTo("1");
			});
		}
	}

}
