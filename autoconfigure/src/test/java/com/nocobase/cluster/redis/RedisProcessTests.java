package com.nocobase.cluster.redis;

import java.io.UncheckedIOException;
import java.util.Arrays;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class RedisProcessTests {

	@Test
	void restartsWithItsData() {
		try (RedisProcess redis = RedisProcess.start()) {
			redis.command("SET", "key", "value");

			redis.restart(true);

			assertThat(redis.command("GET", "key")).isEqualTo("value");
		}
	}

	@Test
	void restartsWithoutItsData() {
		try (RedisProcess redis = RedisProcess.start(RedisOptions.aof())) {
			redis.command("SET", "key", "value");

			redis.restart(false);

			assertThat(redis.command("EXISTS", "key")).isEqualTo("0");
		}
	}

	@Test
	void killedServerForgetsWhatIsOnlyInMemory() {
		try (RedisProcess redis = RedisProcess.start()) {
			redis.command("SET", "key", "value");

			redis.kill();
			assertThat(redis.isRunning()).isFalse();
			assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(() -> redis.command("PING"));
			redis.startAgain();

			assertThat(redis.command("EXISTS", "key")).isEqualTo("0");
		}
	}

	@Test
	void killedServerKeepsWhatIsInItsFile() {
		try (RedisProcess redis = RedisProcess.start(RedisOptions.aof())) {
			redis.command("SET", "key", "value");

			redis.kill();
			redis.startAgain();

			assertThat(redis.command("GET", "key")).isEqualTo("value");
		}
	}

	@Test
	void pausedServerAnswersLater() {
		try (RedisProcess redis = RedisProcess.start(); RespClient client = redis.connect()) {
			redis.pause();
			client.send("PING");
			assertThat(redis.isRunning()).isTrue();
			assertThat(client.isReadable()).isFalse();

			redis.resume();

			assertThat(client.receive()).isEqualTo("PONG");
		}
	}

	@Test
	void asksForItsPassword() {
		try (RedisProcess redis = RedisProcess.start(RedisOptions.none().withPassword("secret"));
				RespClient stranger = new RespClient(redis.host(), redis.port())) {
			assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> stranger.command("PING"))
				.withMessageContaining("NOAUTH");

			assertThat(redis.command("PING")).isEqualTo("PONG");
			assertThat(redis.properties()).contains("spring.data.redis.password=secret");
		}
	}

	@Test
	void keepsUsersInTheirLimits() {
		RedisOptions options = RedisOptions.none().withUser("crm", "secret", "~crm:* &crm:* +@all -@dangerous");
		try (RedisProcess redis = RedisProcess.start(options);
				RespClient user = new RespClient(redis.host(), redis.port())) {
			user.command("AUTH", "crm", "secret");

			assertThat(user.command("SET", "crm:key", "value")).isEqualTo("OK");
			assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> user.command("SET", "key", "value"))
				.withMessageContaining("NOPERM");
		}
	}

	@Test
	void speaksTlsToThoseWhoTrustIt() {
		try (RedisProcess redis = RedisProcess.start(RedisOptions.none().withTls().withPassword("secret"))) {
			assertThat(redis.command("PING")).isEqualTo("PONG");
			RedisContext.run(redis.properties(),
					(template) -> assertThat(template.opsForValue().increment("count")).isOne());
			try (RespClient plain = new RespClient(redis.host(), redis.port())) {
				assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(() -> plain.command("PING"));
			}
		}
	}

	@Test
	void sharedServerIsAlwaysTheSame() {
		TestRedis redis = TestRedis.shared();

		assertThat(redis.command("PING")).isEqualTo("PONG");
		assertThat(TestRedis.shared()).isSameAs(redis);
		assertThat(Arrays.asList(redis.properties())).contains("spring.data.redis.port=" + redis.port());
	}

}
