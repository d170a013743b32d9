package com.nocobase.cluster.pubsub.redis;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

import com.nocobase.cluster.pubsub.PubSubManager;
import com.nocobase.cluster.redis.TestRedis;
import com.nocobase.cluster.support.SignalCounts;
import com.nocobase.cluster.support.TestCluster;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What strangers who reach the server may do.
 */
@ExtendWith(OutputCaptureExtension.class)
class RedisPubSubSecurityTests {

	private static final String HEADER = "{\"v\":1,\"id\":\"i\",\"type\":\"%s\",\"from\":\"stranger\",\"at\":5}\n";

	private static final AtomicInteger CREATED = new AtomicInteger();

	private final TestRedis redis = TestRedis.shared();

	private final TestCluster cluster = RedisInstances.on(this.redis.properties());

	private final String name = UUID.randomUUID().toString();

	private final ConfigurableApplicationContext receiver = this.cluster.start("nocobase.cluster.name=" + this.name,
			"nocobase.cluster.max-payload=1KB");

	private final PubSubManager manager = this.receiver.getBean(PubSubManager.class);

	@AfterEach
	void closeCluster() {
		this.cluster.close();
	}

	@Test
	void whatIsNotOursIsCountedAndLoggedOnceAndStopsNothing(CapturedOutput output) {
		List<String> received = new CopyOnWriteArrayList<>();
		this.manager.subscribe("news", String.class, received::add);
		List<String> frames = List.of("", "\n", "garbage", "{}\n{}", "\u0000\u0001", "{\"v\":1}\n\"x\"",
				HEADER.formatted("string").replace("\"v\":1", "\"v\":2") + "\"newer\"",
				HEADER.formatted("string") + "\"" + "x".repeat(5_000) + "\"");

		frames.forEach((frame) -> publish("news", frame));
		publish("news", HEADER.formatted("string") + "\"good\"");

		TestCluster.eventually(() -> assertThat(received).containsExactly("good"));
		assertThat(this.receiver.getBean(SignalCounts.class).of("pubsub.skipped")).isEqualTo(frames.size());
		assertThat(output.toString()
			.lines()
			.filter((line) -> line.contains("Skipped "))
			.filter((line) -> line.contains("WARN"))).hasSize(1);
		assertThat(output).doesNotContain("garbage").doesNotContain("newer\"");
	}

	@Test
	void classThatAMessageNamesIsNeverMade() {
		List<Object> received = new CopyOnWriteArrayList<>();
		this.manager.subscribe("news", Object.class, received::add);
		this.manager.subscribe("news", Plain.class, received::add);
		String evil = Evil.class.getName();

		publish("news", HEADER.formatted(evil) + "{\"@class\":\"%s\"}".formatted(evil));
		publish("news", HEADER.formatted("plain") + "{\"@class\":\"%s\",\"value\":[\"%s\",{}]}".formatted(evil, evil));

		TestCluster.eventually(() -> assertThat(received).hasSize(3));
		assertThat(received).hasOnlyElementsOfTypes(Map.class, Plain.class);
		assertThat(CREATED).hasValue(0);
	}

	@Test
	void namesMatchNoOthers() {
		PubSubManager publisher = this.cluster.start("nocobase.cluster.name=" + this.name).getBean(PubSubManager.class);
		List<String> names = List.of("news", "*", "n*", "new?", "[n]ews", "{news}", "news\n", "news\r\nPING",
				"news\u0000", "ne\\ws", "pubsub:news", "instance:x", this.name + ":pubsub:news");
		Map<String, List<String>> received = new HashMap<>();
		for (String each : names) {
			List<String> list = new CopyOnWriteArrayList<>();
			received.put(each, list);
			this.manager.subscribe(each, String.class, list::add);
		}

		names.forEach((each) -> publisher.publish(each, each));
		names.forEach((each) -> publisher.publish(each, "end"));

		for (String each : names) {
			TestCluster.eventually(() -> assertThat(received.get(each)).containsExactly(each, "end"));
		}
	}

	@Test
	void applicationNamesMatchNoOthers() {
		List<String> applications = List.of(this.name, this.name + ":pubsub", this.name + "*", this.name + "{a}");
		List<List<String>> received = new ArrayList<>();
		List<PubSubManager> managers = new ArrayList<>();
		for (String application : applications) {
			PubSubManager each = this.cluster.start("nocobase.cluster.name=" + application)
				.getBean(PubSubManager.class);
			List<String> list = new CopyOnWriteArrayList<>();
			each.subscribe("news", String.class, list::add);
			each.subscribe("pubsub:news", String.class, list::add);
			received.add(list);
			managers.add(this.cluster.start("nocobase.cluster.name=" + application).getBean(PubSubManager.class));
		}

		for (int i = 0; i < managers.size(); i++) {
			managers.get(i).publish("news", applications.get(i));
		}

		for (int i = 0; i < managers.size(); i++) {
			List<String> list = received.get(i);
			String expected = applications.get(i);
			TestCluster.eventually(() -> assertThat(list).containsExactly(expected));
		}
	}

	private void publish(String channel, String frame) {
		this.redis.command("PUBLISH", this.name + ":pubsub:" + channel, frame);
	}

	record Plain(Object value) {
	}

	static class Evil {

		Evil() {
			CREATED.incrementAndGet();
		}

	}

}
