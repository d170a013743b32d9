package com.nocobase.cluster.sample;

import java.io.IOException;
import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class WorkerModeIT {

	@ParameterizedTest
	@ValueSource(strings = { "-", "*", "task:process" })
	void withoutRequestsAllButTheActuatorIsUnavailable(String mode) throws IOException {
		try (SampleProcess process = start(mode)) {
			SampleClient sample = process.client();

			sample.call("GET", "/api/instance", null).assertProblem(503);
			sample.call("GET", "/nothing", null).assertProblem(503);
			sample.post("/api/tasks", "{}").assertProblem(503);
			sample.delete("/api/collections/a").assertProblem(503);
			assertThat(sample.get("/actuator/health").get("status").stringValue()).isEqualTo("UP");
		}
	}

	@Test
	void requestsAloneLeaveTasksToOthers() throws IOException {
		try (SampleProcess process = start("!")) {
			SampleClient sample = process.client();

			JsonNode serving = sample.get("/api/instance").get("serving");
			String id = sample.newTask("{}");

			assertThat(serving.get("requests").booleanValue()).isTrue();
			assertThat(serving.get("task:process").booleanValue()).isFalse();
			await().during(Duration.ofSeconds(1)).until(() -> sample.status(id).equals("PENDING"));
			assertThat(sample.delete("/api/tasks/" + id).body().get("delivered").booleanValue()).isFalse();
		}
	}

	private static SampleProcess start(String mode) throws IOException {
		return SampleProcess.start(SampleProcess.newDirectory(), "--nocobase.cluster.worker-mode=" + mode);
	}

}
