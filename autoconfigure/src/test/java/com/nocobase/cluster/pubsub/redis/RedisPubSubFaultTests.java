package com.nocobase.cluster.pubsub.redis;

import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.ConfigurableApplicationContext;

import com.nocobase.cluster.pubsub.PubSubException;
import com.nocobase.cluster.pubsub.PubSubManager;
import com.nocobase.cluster.redis.RedisProcess;
import com.nocobase.cluster.redis.TcpProxy;
import com.nocobase.cluster.support.Capability;
import com.nocobase.cluster.support.TestCluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * What goes wrong with a server and with the network to it.
 */
class RedisPubSubFaultTests {

	/** What is promised, and a little for a slow machine. */
	private static final Duration NOTICED = Duration.ofMillis(3_500);

	private final RedisProcess server = RedisProcess.start();

	private final TcpProxy network = TcpProxy.to(this.server.host(), this.server.port());

	private final TestCluster cluster = RedisInstances.on(this.server.properties());

	private final PubSubManager publisher = this.cluster.start().getBean(PubSubManager.class);

	private final ConfigurableApplicationContext receiver = this.cluster.start(this.network.properties());

	private final Heard heard = new Heard(this.receiver, "news");

	@AfterEach
	void close() {
		this.cluster.close();
		this.network.close();
		this.server.close();
	}

	@Test
	void killedSubscriptionsComeBack() {
		isHeard("one");

		this.server.command("CLIENT", "KILL", "TYPE", "pubsub");

		comesBack();
	}

	@Test
	void killedCommandsLoseNothing() {
		for (int i = 0; i < 10; i++) {
			publish("one");
			this.server.command("CLIENT", "KILL", "TYPE", "normal");
			publish("two");
			TestCluster.eventually(() -> assertThat(this.heard.events()).endsWith("one", "two"));
		}

		assertThat(this.heard.events()).hasSize(20).doesNotContain(Heard.MISSED);
		assertThat(this.heard.losses()).isZero();
	}

	@Test
	void restartedServerIsHeardAgain() {
		isHeard("one");

		this.server.restart(false);

		comesBack();
	}

	@Test
	void killedServerIsNoticedAndHeardAgain() {
		isHeard("one");

		this.server.kill();
		noticed();
		assertThatExceptionOfType(PubSubException.class).isThrownBy(() -> this.publisher.publish("news", "nobody"))
			.withMessageContaining("'news'");
		this.server.startAgain();

		comesBack();
	}

	@Test
	void pausedServerIsNoticedAndHeardAgain() {
		isHeard("one");

		this.server.pause();
		long since = System.nanoTime();
		noticed();
		await().pollDelay(Duration.ofSeconds(5).minusNanos(System.nanoTime() - since)).until(() -> true);
		this.server.resume();

		comesBack();
	}

	@Test
	void cutOffInstanceIsHeardAgain() {
		isHeard("one");

		this.network.cut();
		long since = System.nanoTime();
		noticed();
		publish("missed by the receiver");
		await().pollDelay(Duration.ofSeconds(10).minusNanos(System.nanoTime() - since)).until(() -> true);
		this.network.restore();

		comesBack();
	}

	@Test
	void blackHoleIsNoticed() {
		isHeard("one");

		this.network.silence();
		noticed();
		this.network.resume();

		comesBack();
	}

	@ParameterizedTest
	@ValueSource(ints = { 3, 5 })
	void eachLossIsToldOnce(int losses) {
		for (int i = 1; i <= losses; i++) {
			this.network.killConnections();
			int expected = i;
			TestCluster.eventually(
					() -> assertThat(this.heard.events().stream().filter(Heard.MISSED::equals)).hasSize(expected));
		}
		publish("end");

		TestCluster.eventually(() -> assertThat(this.heard.events()).endsWith("end"));
		assertThat(this.heard.events()).hasSize(losses + 1);
		assertThat(this.heard.losses()).isEqualTo(losses);
	}

	@Test
	void stopDoesNotWaitForAServerThatIsGone() {
		for (int i = 0; i < 100; i++) {
			new Heard(this.receiver, "channel" + i);
		}
		this.network.silence();

		long before = System.nanoTime();
		this.receiver.close();

		assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(25));
	}

	private void publish(String message) {
		this.publisher.publish("news", message);
	}

	private void noticed() {
		await().atMost(NOTICED).pollInterval(Duration.ofMillis(10)).until(() -> this.heard.losses() == 1);
		assertThat(health()).isFalse();
	}

	private void isHeard(String message) {
		publish(message);
		TestCluster.eventually(() -> assertThat(this.heard.events()).endsWith(message));
	}

	private void comesBack() {
		TestCluster.eventually(() -> assertThat(this.heard.events()).contains(Heard.MISSED));
		TestCluster.eventually(() -> publish("two"));

		TestCluster.eventually(() -> assertThat(this.heard.events()).isEqualTo(List.of("one", Heard.MISSED, "two")));
		assertThat(this.heard.losses()).isEqualTo(1);
		TestCluster.eventually(() -> assertThat(health()).isTrue());
	}

	private boolean health() {
		return this.receiver.getBeansOfType(Capability.class)
			.values()
			.stream()
			.filter((capability) -> capability.name().equals("pubsub"))
			.allMatch((capability) -> capability.health().up());
	}

}
