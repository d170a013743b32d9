package com.nocobase.cluster.sample;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;

import com.nocobase.cluster.memory.MemoryBroker;
import com.nocobase.cluster.sample.SampleClient.Answer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Two instances in this JVM, on one database: the first serves requests alone, the second
 * works too.
 */
class TwoInstancesTests {

	private static final MemoryBroker broker = new MemoryBroker();

	private static final String URL = "jdbc:h2:mem:%s;DB_CLOSE_DELAY=-1".formatted(UUID.randomUUID());

	@TempDir
	private static Path directory;

	private static ConfigurableApplicationContext first;

	private static ConfigurableApplicationContext second;

	@BeforeAll
	static void start() {
		first = start("!");
		second = start("");
	}

	@AfterAll
	static void stop() {
		second.close();
		first.close();
	}

	@Test
	void membersSeeEachOther() {
		await().untilAsserted(
				() -> assertThat(SampleContext.client(first).get("/api/members").findValuesAsString("instanceId"))
					.containsExactlyInAnyOrder(id(first), id(second)));
		await().untilAsserted(
				() -> assertThat(SampleContext.client(second).get("/api/members").findValuesAsString("instanceId"))
					.containsExactlyInAnyOrder(id(first), id(second)));
	}

	@Test
	void changedPolicyIsReadOnceByEach() {
		JsonNode before = SampleContext.client(second).get("/api/token-policy");
		long changed = before.get("expiresIn").longValue() + 1;

		SampleContext.client(first).put("/api/token-policy", "{\"expiresIn\": %d}".formatted(changed));

		await()
			.until(() -> SampleContext.client(second).get("/api/token-policy").get("expiresIn").longValue() == changed);
		assertThat(SampleContext.client(second).get("/api/token-policy").get("loads").longValue())
			.isEqualTo(before.get("loads").longValue() + 1);
		assertThat(SampleContext.client(first).get("/api/token-policy").get("expiresIn").longValue())
			.isEqualTo(changed);
	}

	@Test
	void awaitedSchemaIsThereOnTheOther() {
		String collection = collection("?await=PT5S");

		assertThat(SampleContext.client(second).get("/api/collections").toString()).contains(collection);
	}

	@Test
	void awaitNamesTheOther() {
		Answer answer = SampleContext.client(first)
			.post("/api/collections?await=PT5S", "{\"name\": \"%s\"}".formatted(name()));

		assertThat(answer.body().get("applied").valueStream().map(JsonNode::stringValue)).contains(id(second));
		assertThat(answer.body().get("lagging").size()).isZero();
	}

	@Test
	void schemaFollowsTheLastOfManyChanges() {
		String collection = collection("");
		String fields = "/api/collections/%s/fields".formatted(collection);
		List<CompletableFuture<Void>> calls = IntStream.range(0, 10).mapToObj((i) -> CompletableFuture.runAsync(() -> {
			SampleClient sample = SampleContext.client((i % 2 == 0) ? first : second);
			sample.post(fields, "{\"name\": \"f%d\"}".formatted(i));
			if (i < 5) {
				sample.delete(fields + "/f" + i);
			}
		})).toList();
		calls.forEach(CompletableFuture::join);

		String expected = "{\"name\":\"%s\",\"fields\":[\"f5\",\"f6\",\"f7\",\"f8\",\"f9\"]}".formatted(collection);
		await().untilAsserted(() -> {
			assertThat(SampleContext.client(first).get("/api/collections").toString()).contains(expected);
			assertThat(SampleContext.client(second).get("/api/collections").toString()).contains(expected);
		});
	}

	@Test
	void recordsOfBothAreNumberedWithoutGapsOrDoubles() {
		String path = "/api/records/" + collection("");

		List<CompletableFuture<Long>> calls = IntStream.range(0, 40)
			.mapToObj((i) -> CompletableFuture.supplyAsync(() -> SampleContext.client((i % 2 == 0) ? first : second)
				.post(path, null)
				.body()
				.get("sort")
				.longValue()))
			.toList();

		assertThat(calls.stream().map(CompletableFuture::join))
			.containsExactlyInAnyOrderElementsOf(LongStream.rangeClosed(1, 40).boxed().toList());
	}

	@Test
	void taskRunsWhereItIsServedAndIsCancelledFromTheOther() {
		SampleClient sample = SampleContext.client(first);
		String id = sample.newTask("{\"steps\": 1000, \"stepMillis\": 10}");
		await().until(() -> sample.task(id).get("done").intValue() > 2);

		Answer canceled = sample.delete("/api/tasks/" + id);

		assertThat(canceled.body().get("delivered").booleanValue()).isTrue();
		JsonNode task = sample.task(id);
		assertThat(task.get("instanceId").stringValue()).isEqualTo(id(second));
		assertThat(task.get("status").stringValue()).isEqualTo("CANCELED");
		await().during(Duration.ofMillis(300)).until(() -> sample.task(id).equals(task));
	}

	@Test
	void stepThatTakesLongerThanTheTimeoutIsNoFailure() {
		SampleClient sample = SampleContext.client(first);

		String id = sample.newTask("{\"steps\": 2, \"stepMillis\": 1000}");

		assertThat(sample.awaitTask(id, "SUCCEEDED").get("attempts").intValue()).isEqualTo(1);
	}

	@Test
	void taskOfAnInstanceThatStopsIsDoneByAnother() {
		SampleClient sample = SampleContext.client(first);
		ConfigurableApplicationContext third = start("");
		String id;
		try {
			id = runningOn(third, sample);
		}
		finally {
			third.close();
		}

		JsonNode task = sample.awaitTask(id, "SUCCEEDED");
		assertThat(task.get("instanceId").stringValue()).isEqualTo(id(second));
		assertThat(task.get("attempts").intValue()).isEqualTo(2);
		assertThat(task.get("executions").intValue()).isEqualTo(1);
	}

	private static String runningOn(ConfigurableApplicationContext instance, SampleClient sample) {
		return await().atMost(Duration.ofSeconds(30)).until(() -> {
			String id = sample.newTask("{\"steps\": 50, \"stepMillis\": 100}");
			return sample.awaitTask(id, "RUNNING").get("instanceId").stringValue().equals(id(instance)) ? id : "";
		}, (id) -> !id.isEmpty());
	}

	private static String collection(String query) {
		String name = name();
		Answer answer = SampleContext.client(first)
			.post("/api/collections" + query, "{\"name\": \"%s\"}".formatted(name));
		assertThat(answer.status()).isBetween(200, 204);
		return name;
	}

	private static String name() {
		return "c" + UUID.randomUUID();
	}

	private static String id(ConfigurableApplicationContext instance) {
		return SampleContext.client(instance).get("/api/instance").get("instanceId").stringValue();
	}

	private static ConfigurableApplicationContext start(String mode) {
		return SampleContext.start(broker, directory, "--spring.datasource.url=" + URL,
				"--nocobase.cluster.worker-mode=" + mode, "--nocobase.cluster.queue.drain=100ms",
				"--nocobase.cluster.queue.timeout=500ms");
	}

}
