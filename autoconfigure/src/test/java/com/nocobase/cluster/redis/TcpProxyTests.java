package com.nocobase.cluster.redis;

import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.resource.ClientResources;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

class TcpProxyTests {

	private final TestRedis redis = TestRedis.shared();

	@AutoClose
	private final TcpProxy proxy = TcpProxy.to(this.redis.host(), this.redis.port());

	private final String key = UUID.randomUUID().toString();

	@Test
	void passesEverythingOn() {
		try (RespClient client = client()) {
			String value = "v".repeat(100_000);
			client.command("SET", this.key, value);

			assertThat(client.command("GET", this.key)).isEqualTo(value);
			assertThat(client.command("GET", "none")).isEmpty();
			assertThat(client.command("MGET", this.key, "none")).startsWith(value);
		}
	}

	@Test
	void cutClosesAndRefuses() {
		try (RespClient client = client()) {
			client.command("PING");

			this.proxy.cut();
			assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(() -> client.command("PING"));
			assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(this::client);
		}
		this.proxy.restore();
		try (RespClient client = client()) {
			assertThat(client.command("PING")).isEqualTo("PONG");
		}
	}

	@Test
	void silenceKeepsConnectionsOpenAndIsOverWithResume() {
		try (RespClient client = client()) {
			client.command("PING");

			this.proxy.silence();
			client.send("INCR", this.key);
			try (RespClient late = client()) {
				late.send("PING");
				assertThat(this.redis.command("EXISTS", this.key)).isEqualTo("0");
				assertThat(client.isReadable()).isFalse();
				this.proxy.resume();

				assertThat(late.receive()).isEqualTo("PONG");
			}
			assertThat(client.receive()).isEqualTo("1");
		}
	}

	@Test
	void killedConnectionsMayComeBack() {
		try (RespClient client = client()) {
			client.command("PING");
			assertThat(this.proxy.connections()).isEqualTo(1);

			this.proxy.killConnections();

			assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(() -> client.command("PING"));
		}
		try (RespClient client = client()) {
			assertThat(client.command("PING")).isEqualTo("PONG");
		}
	}

	@Test
	void lostReplyIsExecutedAndClosesTheConnection() {
		try (RespClient client = client()) {
			this.proxy.dropNextReply(this.key);
			client.send("PING");
			client.send("INCR", this.key);
			client.send("PING");

			assertThat(client.receive()).isEqualTo("PONG");
			assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(client::receive);
			assertThat(this.redis.command("GET", this.key)).isEqualTo("1");
			assertThat(this.proxy.dropped()).isEqualTo(1);
		}
	}

	@Test
	void everyReplyIsLostUntilToldOtherwise() {
		this.proxy.dropReplies(Integer.MAX_VALUE, (request) -> request.contains("INCR"));
		for (int i = 0; i < 3; i++) {
			try (RespClient client = client()) {
				assertThatExceptionOfType(UncheckedIOException.class)
					.isThrownBy(() -> client.command("INCR", this.key));
			}
		}

		this.proxy.dropNothing();

		try (RespClient client = client()) {
			assertThat(client.command("INCR", this.key)).isEqualTo("4");
		}
	}

	@Test
	void lettuceRepeatsEveryLostCommand() {
		ClientResources.Builder builder = ClientResources.builder();
		new QuickReconnects().customize(builder);
		ClientResources resources = builder.build();
		try (RedisClient client = RedisClient.create(resources, this.proxy.url())) {
			RedisCommands<String, String> commands = client.connect().sync();
			for (int i = 1; i <= 100; i++) {
				this.proxy.dropNextReply(this.key);

				assertThat(commands.incr(this.key)).isEqualTo(2L * i);
			}
			assertThat(this.proxy.dropped()).isEqualTo(100);
		}
		finally {
			resources.shutdown(0, 0, TimeUnit.SECONDS);
		}
	}

	@Test
	void passesOnWhatIsNotRedis() throws Exception {
		try (Socket client = new Socket(this.proxy.host(), this.proxy.port())) {
			client.setSoTimeout(5000);
			client.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.UTF_8));

			assertThat(new String(client.getInputStream().readNBytes(7), StandardCharsets.UTF_8))
				.isEqualTo("+PONG\r\n");
		}
		await().until(() -> this.proxy.connections() == 0);
	}

	private RespClient client() {
		return new RespClient(this.proxy.host(), this.proxy.port());
	}

}
