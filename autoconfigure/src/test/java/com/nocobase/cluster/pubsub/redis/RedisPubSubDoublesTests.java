package com.nocobase.cluster.pubsub.redis;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;

import com.nocobase.cluster.message.SendReceipt;
import com.nocobase.cluster.message.SendState;
import com.nocobase.cluster.pubsub.PubSubManager;
import com.nocobase.cluster.redis.QuickReconnects;
import com.nocobase.cluster.redis.TcpProxy;
import com.nocobase.cluster.redis.TestRedis;
import com.nocobase.cluster.support.SignalCounts;
import com.nocobase.cluster.support.TestCluster;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The connection breaks after the server has published a message and before it said so;
 * the client then sends it again.
 */
class RedisPubSubDoublesTests {

	private static final int TIMES = 1_000;

	private final TestRedis redis = TestRedis.shared();

	private final TcpProxy network = TcpProxy.to(this.redis.host(), this.redis.port());

	private final TestCluster cluster = RedisInstances.on(this.redis.properties());

	private final PubSubManager publisher = this.cluster
		.start((bean) -> bean.registerBean(QuickReconnects.class), this.network.properties())
		.getBean(PubSubManager.class);

	private final ConfigurableApplicationContext receiver = this.cluster.start();

	private final Map<Integer, AtomicInteger> received = new ConcurrentHashMap<>();

	@AfterEach
	void close() {
		this.cluster.close();
		this.network.close();
	}

	@Test
	void noMessageIsDeliveredTwiceWhenEachIsPublishedTwice() {
		loseTheFirstReplyTo(1);

		for (int number = 0; number < TIMES; number++) {
			assertThat(this.publisher.publish("numbers", number).state()).isEqualTo(SendState.SENT);
		}

		eachCameOnce(TIMES);
	}

	@Test
	void noMessageIsDeliveredTwiceWhenSeveralAreUnderWay() {
		int underWay = 5;
		loseTheFirstReplyTo(underWay);

		for (int round = 0; round < TIMES; round++) {
			int first = round * underWay;
			List<SendReceipt> receipts = IntStream.range(first, first + underWay)
				.mapToObj((number) -> this.publisher.publishAsync("numbers", number))
				.toList();
			assertThat(receipts).extracting((receipt) -> receipt.await(Duration.ofSeconds(10)))
				.containsOnly(SendState.SENT);
		}

		eachCameOnce(TIMES * underWay);
	}

	private void loseTheFirstReplyTo(int oneOf) {
		this.receiver.getBean(PubSubManager.class)
			.subscribe("numbers", Integer.class,
					(number) -> this.received.computeIfAbsent(number, (key) -> new AtomicInteger()).incrementAndGet());
		Set<String> seen = ConcurrentHashMap.newKeySet();
		this.network.dropReplies(TIMES, (request) -> request.startsWith("*3\r\n$7\r\nPUBLISH") && seen.add(request)
				&& seen.size() % oneOf == 0);
	}

	private void eachCameOnce(int count) {
		TestCluster.eventually(() -> assertThat(this.received).hasSize(count));
		assertThat(this.network.dropped()).isEqualTo(TIMES);
		SignalCounts signals = this.receiver.getBean(SignalCounts.class);
		TestCluster.eventually(() -> assertThat(signals.of("pubsub.doubled")).isGreaterThanOrEqualTo(TIMES));
		assertThat(this.received.values()).extracting(AtomicInteger::get).containsOnly(1);
		assertThat(signals.of("pubsub.late")).isZero();
	}

}
