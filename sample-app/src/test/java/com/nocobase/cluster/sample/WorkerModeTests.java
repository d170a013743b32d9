package com.nocobase.cluster.sample;

import java.nio.file.Path;
import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;

import com.nocobase.cluster.memory.MemoryBroker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class WorkerModeTests {

	@TempDir
	private Path directory;

	@ParameterizedTest
	@ValueSource(strings = { "-", "*", "task:process" })
	void withoutRequestsAllButTheActuatorIsUnavailable(String mode) {
		try (ConfigurableApplicationContext instance = start(mode)) {
			SampleClient sample = SampleContext.client(instance);

			sample.call("GET", "/api/instance", null).assertProblem(503);
			sample.call("GET", "/nothing", null).assertProblem(503);
			sample.post("/api/tasks", "{}").assertProblem(503);
			sample.delete("/api/collections/a").assertProblem(503);
			assertThat(sample.get("/actuator/health").get("status").stringValue()).isEqualTo("UP");
		}
	}

	@Test
	void requestsAloneLeaveTasksToOthers() {
		try (ConfigurableApplicationContext instance = start("!")) {
			SampleClient sample = SampleContext.client(instance);

			JsonNode serving = sample.get("/api/instance").get("serving");
			String id = sample.newTask("{}");

			assertThat(serving.get("requests").booleanValue()).isTrue();
			assertThat(serving.get("task:process").booleanValue()).isFalse();
			await().during(Duration.ofSeconds(1)).until(() -> sample.status(id).equals("PENDING"));
			assertThat(sample.delete("/api/tasks/" + id).body().get("delivered").booleanValue()).isFalse();
		}
	}

	private ConfigurableApplicationContext start(String mode) {
		return SampleContext.start(new MemoryBroker(), this.directory, "--nocobase.cluster.worker-mode=" + mode);
	}

}
