package com.nocobase.cluster.sample;

import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import com.nocobase.cluster.sample.SampleClient.Answer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@ExtendWith(SharedSample.class)
class TaskIT {

	private static final Duration LIMIT = Duration.ofSeconds(30);

	@Test
	void taskRunsToItsEndOnce(SampleClient sample) {
		String id = sample.newTask("{\"steps\": 3, \"stepMillis\": 50}");

		JsonNode task = sample.awaitTask(id, "SUCCEEDED");

		assertThat(task.propertyNames()).containsExactlyInAnyOrder("id", "status", "done", "total", "attempts",
				"executions", "instanceId");
		assertTask(task, 3, 1, 1);
		assertThat(task.get("total").intValue()).isEqualTo(3);
		assertThat(task.get("instanceId")).isEqualTo(sample.get("/api/instance").get("instanceId"));
	}

	@Test
	void whatIsLeftOutIsZeroAndOneStep(SampleClient sample) {
		assertTask(sample.awaitTask(sample.newTask("{}"), "SUCCEEDED"), 1, 1, 1);
		assertTask(sample.awaitTask(sample.newTask("{\"steps\": 0}"), "SUCCEEDED"), 0, 1, 1);
	}

	@Test
	void failedAttemptIsRetried(SampleClient sample) {
		String id = sample.newTask("{\"failures\": 1, \"maxRetries\": 2}");

		assertTask(sample.awaitTask(id, "SUCCEEDED"), 1, 2, 1);
	}

	@Test
	void taskFailsAfterItsLastRetry(SampleClient sample) {
		String once = sample.newTask("{\"failures\": 1}");
		String twice = sample.newTask("{\"failures\": 9, \"maxRetries\": 1}");

		assertTask(sample.awaitTask(once, "FAILED"), 0, 1, 0);
		assertTask(sample.awaitTask(twice, "FAILED"), 0, 2, 0);
	}

	@Test
	void delayedTaskWaits(SampleClient sample) {
		String id = sample.newTask("{\"delayMillis\": 3000}");

		assertThat(sample.status(id)).isEqualTo("PENDING");
		await().during(Duration.ofMillis(500)).until(() -> sample.status(id).equals("PENDING"));
		sample.awaitTask(id, "SUCCEEDED");
	}

	@Test
	void batchIsCreatedAndDone(SampleClient sample) {
		Answer created = sample.post("/api/tasks/batch", "{\"count\": 200, \"steps\": 2, \"stepMillis\": 1}");

		assertThat(created.status()).isEqualTo(202);
		List<String> ids = created.body().get("ids").values().stream().map(JsonNode::stringValue).toList();
		assertThat(ids).hasSize(200).doesNotHaveDuplicates();
		await().atMost(LIMIT).untilAsserted(() -> assertThat(ids(sample, "?status=SUCCEEDED")).containsAll(ids));
		assertThat(ids(sample, "")).containsAll(ids);
		assertThat(ids(sample, "?status=FAILED")).doesNotContainAnyElementsOf(ids);
		ids.forEach((id) -> assertTask(sample.task(id), 2, 1, 1));
	}

	@Test
	void runningTaskIsCancelled(SampleClient sample) {
		String id = sample.newTask("{\"steps\": 1000, \"stepMillis\": 20}");
		await().atMost(LIMIT).until(() -> sample.task(id).get("done").intValue() > 2);

		Answer canceled = sample.delete("/api/tasks/" + id);

		assertThat(canceled.status()).isEqualTo(202);
		assertThat(canceled.body().get("delivered").booleanValue()).isTrue();
		JsonNode task = sample.task(id);
		assertThat(task.get("status").stringValue()).isEqualTo("CANCELED");
		assertThat(task.get("executions").intValue()).isZero();
		await().during(Duration.ofMillis(300)).until(() -> sample.task(id).equals(task));
	}

	@Test
	void waitingTaskIsCancelledAndNeverBegun(SampleClient sample) {
		String id = sample.newTask("{\"delayMillis\": 2000}");

		Answer canceled = sample.delete("/api/tasks/" + id);

		assertThat(canceled.status()).isEqualTo(202);
		assertThat(canceled.body().get("delivered").booleanValue()).isFalse();
		await().during(Duration.ofMillis(2500)).until(() -> sample.status(id).equals("CANCELED"));
		assertTask(sample.task(id), 0, 0, 0);
	}

	@Test
	void taskThatIsOverIsNotCancelled(SampleClient sample) {
		String id = sample.newTask("{}");
		sample.awaitTask(id, "SUCCEEDED");

		sample.delete("/api/tasks/" + id).assertProblem(409);

		assertTask(sample.task(id), 1, 1, 1);
	}

	@Test
	void unknownTaskIsNotFound(SampleClient sample) {
		sample.call("GET", "/api/tasks/none", null).assertProblem(404);
		sample.delete("/api/tasks/none").assertProblem(404);
	}

	@ParameterizedTest
	@ValueSource(strings = { "{\"steps\": -1}", "{\"stepMillis\": -1}", "{\"failures\": -1}", "{\"maxRetries\": -1}",
			"{\"delayMillis\": -1}", "{\"steps\": 1.5}", "{\"steps\": \"1\"}", "{\"failures\": true}",
			"{\"steps\": 2147483648}", "{\"delayMillis\": 9223372036854775807}", "[]", "{", "" })
	void wrongTaskIsRefused(String body, SampleClient sample) {
		sample.post("/api/tasks", body).assertProblem(400);
	}

	@ParameterizedTest
	@ValueSource(strings = { "{\"count\": -1}", "{\"count\": 10001}", "{\"count\": 1, \"steps\": -1}",
			"{\"count\": 1, \"stepMillis\": -1}", "{\"count\": \"1\"}" })
	void wrongBatchIsRefused(String body, SampleClient sample) {
		sample.post("/api/tasks/batch", body).assertProblem(400);
	}

	@ParameterizedTest
	@CsvSource({ "DONE", "succeeded ", "1" })
	void wrongStatusIsRefused(String status, SampleClient sample) {
		sample.call("GET", "/api/tasks?status=" + status, null).assertProblem(400);
	}

	private static void assertTask(JsonNode task, int done, int attempts, int executions) {
		assertThat(task.get("done").intValue()).as("done of %s", task).isEqualTo(done);
		assertThat(task.get("attempts").intValue()).as("attempts of %s", task).isEqualTo(attempts);
		assertThat(task.get("executions").intValue()).as("executions of %s", task).isEqualTo(executions);
	}

	private static List<String> ids(SampleClient sample, String query) {
		return sample.get("/api/tasks" + query).values().stream().map((task) -> task.get("id").stringValue()).toList();
	}

}
