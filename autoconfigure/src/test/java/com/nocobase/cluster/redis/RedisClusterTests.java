package com.nocobase.cluster.redis;

import java.util.UUID;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class RedisClusterTests {

	private final RedisCluster cluster = RedisCluster.shared();

	@Test
	void everyNodeKeepsItsKeys() {
		for (int i = 0; i < 20; i++) {
			String key = UUID.randomUUID().toString();

			assertThat(this.cluster.nodeOf(key).command("SET", key, "value")).isEqualTo("OK");
		}
	}

	@Test
	void springReachesAllNodes() {
		RedisContext.run(this.cluster.properties(), (redis) -> {
			for (int i = 0; i < 20; i++) {
				String key = UUID.randomUUID().toString();
				redis.opsForValue().set(key, "value");

				assertThat(this.cluster.nodeOf(key).command("GET", key)).isEqualTo("value");
			}
		});
	}

}
