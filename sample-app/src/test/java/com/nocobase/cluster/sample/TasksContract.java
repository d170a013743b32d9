package com.nocobase.cluster.sample;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import tools.jackson.databind.JsonNode;

import com.nocobase.cluster.sample.SampleClient.Answer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tasks are shared by the processes that serve them, whatever becomes of one that works.
 * What each queue on a server has to show.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
abstract class TasksContract {

	/** For what costs an instance. */
	private static final int LAST = Integer.MAX_VALUE;

	private static final Duration SOON = Duration.ofSeconds(30);

	private final SampleCluster cluster;

	private List<SampleProcess> processes = List.of();

	/** The first one serves requests only. */
	private List<SampleClient> instances = List.of();

	TasksContract(String profile) {
		this.cluster = new SampleCluster(profile, "--nocobase.cluster.queue.ownership=2s");
	}

	@BeforeAll
	void start() throws IOException {
		this.processes = List.of(this.cluster.start("--nocobase.cluster.worker-mode=!"), this.cluster.start(),
				this.cluster.start());
		this.instances = this.processes.stream().map(SampleProcess::client).toList();
	}

	@AfterAll
	void stop() {
		this.cluster.close();
	}

	@Test
	void tasksAreSharedByThoseThatServeThem() {
		Answer created = this.instances.get(0)
			.post("/api/tasks/batch", "{\"count\": 100, \"steps\": 2, \"stepMillis\": 5}");

		assertThat(created.status()).isEqualTo(202);
		List<JsonNode> tasks = awaitAllOver(created);
		assertThat(tasks).hasSize(100).allSatisfy((task) -> {
			assertThat(task.get("status").stringValue()).isEqualTo("SUCCEEDED");
			assertThat(task.get("executions").intValue()).isEqualTo(1);
			assertThat(task.get("attempts").intValue()).isEqualTo(1);
		});
		Set<String> workers = tasks.stream()
			.map((task) -> task.get("instanceId").stringValue())
			.collect(Collectors.toSet());
		assertThat(workers).containsExactlyInAnyOrder(instanceId(1), instanceId(2));
	}

	@Test
	void failedTaskIsTriedAgain() {
		String id = this.instances.get(0)
			.newTask("{\"steps\": 1, \"stepMillis\": 1, \"failures\": 2, \"maxRetries\": 2, \"delayMillis\": 100}");

		JsonNode task = this.instances.get(1).awaitTask(id, "SUCCEEDED");

		assertThat(task.get("attempts").intValue()).isEqualTo(3);
		assertThat(task.get("executions").intValue()).isEqualTo(1);
	}

	@Test
	void cancelReachesTheInstanceThatRunsTheTask() {
		String id = this.instances.get(0).newTask("{\"steps\": 1000, \"stepMillis\": 20}");
		this.instances.get(0).awaitTask(id, "RUNNING");

		Answer canceled = this.instances.get(0).delete("/api/tasks/" + id);

		assertThat(canceled.status()).isEqualTo(202);
		assertThat(canceled.body().get("delivered").booleanValue()).isTrue();
		JsonNode task = this.instances.get(1).awaitTask(id, "CANCELED");
		assertThat(task.get("executions").intValue()).isZero();
		assertThat(this.instances.get(2).delete("/api/tasks/" + id).status()).isEqualTo(409);
	}

	@Test
	@Order(LAST)
	void tasksOfAKilledInstanceAreDoneByAnother() {
		Answer created = this.instances.get(0)
			.post("/api/tasks/batch", "{\"count\": 40, \"steps\": 10, \"stepMillis\": 50}");
		String killed = instanceId(2);
		await().atMost(SOON)
			.until(() -> tasks("?status=RUNNING").stream()
				.anyMatch((task) -> task.get("instanceId").stringValue().equals(killed)));

		this.processes.get(2).kill();

		List<JsonNode> tasks = awaitAllOver(created);
		assertThat(tasks).allSatisfy((task) -> {
			assertThat(task.get("status").stringValue()).isEqualTo("SUCCEEDED");
			assertThat(task.get("executions").intValue()).isEqualTo(1);
		});
		assertThat(tasks).anyMatch((task) -> task.get("attempts").intValue() == 2);
	}

	private List<JsonNode> awaitAllOver(Answer created) {
		Set<String> ids = elements(created.body().get("ids")).map(JsonNode::stringValue).collect(Collectors.toSet());
		await().atMost(SOON)
			.until(() -> tasks("").stream()
				.filter((task) -> ids.contains(task.get("id").stringValue()))
				.noneMatch((task) -> Set.of("PENDING", "RUNNING").contains(task.get("status").stringValue())));
		return tasks("").stream().filter((task) -> ids.contains(task.get("id").stringValue())).toList();
	}

	private List<JsonNode> tasks(String query) {
		return elements(this.instances.get(0).get("/api/tasks" + query)).toList();
	}

	private String instanceId(int instance) {
		return this.instances.get(instance).get("/api/instance").get("instanceId").stringValue();
	}

	private static Stream<JsonNode> elements(JsonNode array) {
		return StreamSupport.stream(array.spliterator(), false);
	}

}
