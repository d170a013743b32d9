package com.nocobase.cluster.redis;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;

import com.nocobase.cluster.ClusterRunner;
import com.nocobase.cluster.queue.EventQueue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What an instance costs its Redis while it has nothing to do.
 */
class IdleInstanceTests {

	/** What the script of the heartbeat runs, counted by the server like commands. */
	private static final Set<String> WITHIN_THE_SCRIPT = Set.of("publish", "time", "zscore", "zrangebyscore", "hget",
			"hset", "hvals", "zadd", "get", "pexpire", "zrange");

	private final RedisProcess redis = RedisProcess.start();

	@AfterEach
	void stopServer() {
		this.redis.close();
	}

	@Test
	void itSendsOneCommandASecondOverTwoConnections() {
		ClusterRunner.instance()
			.withConfiguration(AutoConfigurations.of(DataRedisAutoConfiguration.class))
			.withPropertyValues(this.redis.properties())
			.withPropertyValues("nocobase.cluster.pubsub.adapter=redis", "nocobase.cluster.members.adapter=redis",
					"nocobase.cluster.worker-id.allocator=redis", "nocobase.cluster.lock.adapter=redis")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(this.redis.command("CLIENT", "LIST").strip().lines()).as("ours, and the test's").hasSize(3);
				// The first heartbeat with all parts sends its script whole.
				pass(Duration.ofSeconds(3));
				this.redis.command("CONFIG", "RESETSTAT");
				long begun = System.nanoTime();
				pass(Duration.ofSeconds(10));

				Map<String, Long> calls = calls();
				double seconds = (System.nanoTime() - begun) / 1e9;

				assertThat(calls.getOrDefault("evalsha", 0L) / seconds).isBetween(0.5, 1.1);
				Set<String> others = new TreeSet<>(calls.keySet());
				others.removeAll(WITHIN_THE_SCRIPT);
				assertThat(others).isSubsetOf("evalsha", "info", "config|resetstat");
			});
	}

	@Test
	void fiftyQueuesCostOneSweepWithinTheOwnership() {
		ClusterRunner.instance()
			.withConfiguration(AutoConfigurations.of(DataRedisAutoConfiguration.class))
			.withPropertyValues(this.redis.properties())
			.withPropertyValues("nocobase.cluster.queue.adapter=redis", "nocobase.cluster.members.adapter=memory",
					"nocobase.cluster.worker-id.allocator=local", "nocobase.cluster.queue.ownership=6s")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				EventQueue queue = context.getBean(EventQueue.class);
				for (int i = 0; i < 50; i++) {
					queue.subscribe("queue-" + i, String.class, (text, task) -> {
					});
				}
				// The first sweep comes after a third of the ownership.
				pass(Duration.ofSeconds(3));
				assertThat(this.redis.command("CLIENT", "LIST").strip().lines()).as("ours, and the test's").hasSize(3);
				this.redis.command("CONFIG", "RESETSTAT");
				long begun = System.nanoTime();
				pass(Duration.ofSeconds(6));

				Map<String, Long> calls = calls();
				double seconds = (System.nanoTime() - begun) / 1e9;

				assertThat(calls.getOrDefault("evalsha", 0L) / seconds).as("heartbeats").isBetween(0.5, 1.1);
				assertThat(calls.getOrDefault("eval", 0L)).as("sweeps").isBetween(1L, 2L);
				Set<String> others = new TreeSet<>(calls.keySet());
				others.removeAll(WITHIN_THE_SCRIPT);
				others.removeAll(Set.of("llen", "zcard"));
				assertThat(others).isSubsetOf("eval", "evalsha", "info", "config|resetstat");
			});
	}

	private static void pass(Duration time) {
		await().pollDelay(time).atMost(time.plusMinutes(1)).until(() -> true);
	}

	private Map<String, Long> calls() {
		return this.redis.command("INFO", "commandstats")
			.lines()
			.filter((line) -> line.startsWith("cmdstat_"))
			.collect(Collectors.toMap((line) -> line.substring("cmdstat_".length(), line.indexOf(':')),
					(line) -> Long.valueOf(line.substring(line.indexOf("calls=") + 6, line.indexOf(',')))));
	}

}
