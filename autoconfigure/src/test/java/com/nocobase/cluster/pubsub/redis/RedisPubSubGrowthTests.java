package com.nocobase.cluster.pubsub.redis;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;

import com.nocobase.cluster.message.Subscription;
import com.nocobase.cluster.pubsub.PubSubManager;
import com.nocobase.cluster.redis.RedisProcess;
import com.nocobase.cluster.support.TestCluster;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What many subscriptions cost a server.
 */
class RedisPubSubGrowthTests {

	private static final int CHANNELS = 1_000;

	private static final int ON_EACH = 10;

	private final RedisProcess server = RedisProcess.start();

	private final TestCluster cluster = RedisInstances.on(this.server.properties());

	@AfterEach
	void close() {
		this.cluster.close();
		this.server.close();
	}

	@Test
	void channelCostsOneSubscriptionForEachInstance() {
		PubSubManager one = this.cluster.start("nocobase.cluster.name=crm").getBean(PubSubManager.class);
		PubSubManager two = this.cluster.start("nocobase.cluster.name=crm").getBean(PubSubManager.class);

		Subscription first = listen(one, "news", new AtomicInteger());
		Subscription second = listen(one, "news", new AtomicInteger());
		assertThat(subscribers("crm:pubsub:news")).isEqualTo(1);
		listen(two, "news", new AtomicInteger());
		assertThat(subscribers("crm:pubsub:news")).isEqualTo(2);
		first.close();
		assertThat(subscribers("crm:pubsub:news")).isEqualTo(2);
		second.close();

		TestCluster.eventually(() -> assertThat(subscribers("crm:pubsub:news")).isEqualTo(1));
	}

	@Test
	void tenThousandSubscriptionsNeedTwoConnections() {
		String name = UUID.randomUUID().toString();
		ConfigurableApplicationContext receiver = this.cluster.start("nocobase.cluster.name=crm",
				"spring.data.redis.client-name=" + name);
		PubSubManager publisher = this.cluster.start("nocobase.cluster.name=crm").getBean(PubSubManager.class);
		AtomicInteger received = new AtomicInteger();
		List<Subscription> subscriptions = new ArrayList<>();
		long before = commands();

		for (int i = 0; i < CHANNELS * ON_EACH; i++) {
			subscriptions.add(listen(receiver.getBean(PubSubManager.class), "channel" + i % CHANNELS, received));
		}
		assertThat(commands() - before).isBetween((long) CHANNELS, CHANNELS + 300L);
		assertThat(connections(name)).isEqualTo(2);
		assertThat(channels()).isEqualTo(CHANNELS);
		for (int i = 0; i < CHANNELS; i++) {
			publisher.publishAsync("channel" + i, "one");
		}
		TestCluster.eventually(() -> assertThat(received).hasValue(CHANNELS * ON_EACH));
		assertThat(connections(name)).isEqualTo(2);

		subscriptions.forEach(Subscription::close);
		TestCluster.eventually(() -> assertThat(channels()).isZero());
	}

	@Test
	void stoppedInstanceIsForgottenByTheServer() {
		ConfigurableApplicationContext receiver = this.cluster.start("nocobase.cluster.name=crm");
		for (int i = 0; i < 100; i++) {
			listen(receiver.getBean(PubSubManager.class), "channel" + i, new AtomicInteger());
		}

		receiver.stop();
		TestCluster.eventually(() -> assertThat(channels()).isZero());
		receiver.start();

		assertThat(channels()).isEqualTo(100);
	}

	private static Subscription listen(PubSubManager manager, String channel, AtomicInteger received) {
		return manager.subscribe(channel, String.class, (message) -> received.incrementAndGet());
	}

	private int subscribers(String channel) {
		return Integer.parseInt(this.server.command("PUBSUB", "NUMSUB", channel).split("\n")[1]);
	}

	private long channels() {
		return lines("PUBSUB", "CHANNELS", "crm:pubsub:*").count();
	}

	private long connections(String name) {
		return lines("CLIENT", "LIST").filter((line) -> line.contains(" name=" + name + " ")).count();
	}

	private long commands() {
		return lines("INFO", "stats").filter((line) -> line.startsWith("total_commands_processed:"))
			.mapToLong((line) -> Long.parseLong(line.split(":")[1].strip()))
			.sum();
	}

	private Stream<String> lines(String... command) {
		return this.server.command(command).lines().filter((line) -> !line.isBlank());
	}

}
