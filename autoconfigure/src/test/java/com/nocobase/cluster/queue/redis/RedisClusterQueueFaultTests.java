package com.nocobase.cluster.queue.redis;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import com.nocobase.cluster.queue.QueueCluster;
import com.nocobase.cluster.queue.QueueNode;
import com.nocobase.cluster.queue.TaskOptions;
import com.nocobase.cluster.redis.OwnNetwork;
import com.nocobase.cluster.redis.RedisCluster;
import com.nocobase.cluster.redis.RedisProcess;
import com.nocobase.cluster.redis.TcpProxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The event queue when a node of a Redis Cluster fails.
 */
@Timeout(60)
class RedisClusterQueueFaultTests {

	private static final TaskOptions LONG = TaskOptions.DEFAULTS.withTimeout(Duration.ofMinutes(1));

	private final String app = "app-" + UUID.randomUUID();

	private final RedisCluster redis = RedisCluster.start();

	private final QueueCluster cluster = new QueueCluster(new RedisTestBroker(this.redis.properties()));

	private final CountDownLatch release = new CountDownLatch(1);

	private final Map<String, AtomicInteger> runs = new ConcurrentHashMap<>();

	@AfterEach
	void stop() {
		this.release.countDown();
		this.cluster.close();
		this.redis.close();
	}

	private void work(QueueNode node, List<String> channels) {
		channels.forEach((channel) -> node.queue().subscribe(channel, Integer.class, (number, context) -> {
			this.runs.computeIfAbsent(channel, (key) -> new AtomicInteger()).incrementAndGet();
			this.release.await();
		}));
	}

	@Test
	void tasksAtOtherNodesStayOwnedWhileOneDoesNotAnswer() {
		List<String> channels = IntStream.range(0, 24).mapToObj((i) -> "work-" + i).toList();
		RedisProcess silent = this.redis.nodes().get(0);
		List<String> others = channels.stream()
			.filter((channel) -> this.redis.nodeOf("{%s:q:%s}wait".formatted(this.app, channel)) != silent)
			.toList();
		QueueNode owner = this.cluster.nodeOf(this.app);
		QueueNode other = this.cluster.nodeOf(this.app);
		work(owner, channels);
		channels.forEach((channel) -> owner.queue().publish(channel, 1, LONG));
		await().untilAsserted(() -> assertThat(this.runs).hasSameSizeAs(channels));
		work(other, channels);

		TcpProxy network = owner.bean(OwnNetwork.class).proxy(silent.host(), silent.port());
		network.silence();
		await().pollDelay(Duration.ofSeconds(4)).until(() -> true);
		network.resume();

		assertThat(others).hasSizeBetween(8, 20);
		others.forEach((channel) -> assertThat(this.runs.get(channel)).as(channel).hasValue(1));
		this.release.countDown();
		await().atMost(Duration.ofSeconds(20))
			.until(() -> this.redis.nodes().stream().allMatch((node) -> QueueKeys.unfinished(node).isEmpty()));
	}

}
