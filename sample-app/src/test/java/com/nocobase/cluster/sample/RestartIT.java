package com.nocobase.cluster.sample;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A stop by SIGTERM while tasks run and others wait, and the next start in the same
 * directory.
 */
@Execution(ExecutionMode.CONCURRENT)
class RestartIT {

	private static final int EXIT_CODE_OF_SIGTERM = 128 + 15;

	/** As many as the sample runs at once. */
	private static final int CONCURRENCY = 4;

	private static final String LONG = "{\"steps\": 100, \"stepMillis\": 100}";

	private final Path directory = SampleProcess.newDirectory();

	RestartIT() throws IOException {
	}

	@Test
	void everyTaskEndsExactlyAsItShould() throws Exception {
		Map<String, String> expected;
		List<String> given = new ArrayList<>();
		try (SampleProcess process = start()) {
			SampleClient sample = process.client();
			expected = tasks(sample, given);
			assertThat(process.terminate()).isEqualTo(EXIT_CODE_OF_SIGTERM);
		}

		assertThat(statuses()).contains("PENDING", "SUCCEEDED", "CANCELED").doesNotContain("RUNNING");

		try (SampleProcess process = start()) {
			SampleClient sample = process.client();
			assertThat(sample.get("/api/collections").toString())
				.isEqualTo("[{\"name\":\"kept\",\"fields\":[\"too\"]}]");
			expected
				.forEach((id, status) -> assertThat(executions(sample.awaitTask(id, status))).as("executions of %s", id)
					.isEqualTo(status.equals("SUCCEEDED") ? 1 : 0));
			assertThat(given).allSatisfy((id) -> assertThat(sample.task(id).get("attempts").intValue()).isEqualTo(2));
			assertThat(sample.get("/api/tasks").size()).isEqualTo(expected.size());
			assertThat(process.terminate()).isEqualTo(EXIT_CODE_OF_SIGTERM);
		}
	}

	@Test
	void stopAtDefaultsEndsWithinAMinute() throws Exception {
		try (SampleProcess process = SampleProcess.start(this.directory)) {
			SampleClient sample = process.client();
			String id = sample.newTask("{\"steps\": 1, \"stepMillis\": 3600000}");
			sample.awaitTask(id, "RUNNING");

			assertThat(process.terminate()).isEqualTo(EXIT_CODE_OF_SIGTERM);
			assertThat(process.output()).doesNotContain("Exception");
		}
	}

	private static Map<String, String> tasks(SampleClient sample, List<String> given) {
		Map<String, String> expected = new HashMap<>();
		expected.put(reached(sample, "{}", "SUCCEEDED"), "SUCCEEDED");
		expected.put(reached(sample, "{\"failures\": 1}", "FAILED"), "FAILED");
		expected.put(canceled(sample, reached(sample, LONG, "RUNNING")), "CANCELED");
		expected.put(canceled(sample, reached(sample, "{\"delayMillis\": 60000}", "PENDING")), "CANCELED");
		expected.put(sample.newTask("{\"delayMillis\": 6000}"), "SUCCEEDED");
		String retried = sample.newTask("{\"failures\": 2, \"maxRetries\": 2}");
		await().until(() -> sample.task(retried).get("attempts").intValue() > 0);
		expected.put(retried, "SUCCEEDED");
		for (int i = 0; i < CONCURRENCY; i++) {
			given.add(reached(sample, LONG, "RUNNING"));
		}
		given.forEach((id) -> expected.put(id, "SUCCEEDED"));
		expected.put(reached(sample, "{\"steps\": 5}", "PENDING"), "SUCCEEDED");
		expected.put(reached(sample, "{\"failures\": 2, \"maxRetries\": 1}", "PENDING"), "FAILED");
		expected.put(canceled(sample, reached(sample, "{}", "PENDING")), "CANCELED");
		assertThat(given).allSatisfy((id) -> assertThat(sample.status(id)).isEqualTo("RUNNING"));
		sample.post("/api/collections", "{\"name\": \"kept\"}");
		sample.post("/api/collections/kept/fields", "{\"name\": \"too\"}");
		return expected;
	}

	private static String reached(SampleClient sample, String task, String status) {
		String id = sample.newTask(task);
		sample.awaitTask(id, status);
		return id;
	}

	private static String canceled(SampleClient sample, String id) {
		assertThat(sample.delete("/api/tasks/" + id).status()).isEqualTo(202);
		return id;
	}

	private SampleProcess start() throws IOException {
		return SampleProcess.start(this.directory, "--spring.datasource.url=" + url(),
				"--nocobase.cluster.queue.drain=500ms");
	}

	private List<String> statuses() {
		return JdbcClient.create(new DriverManagerDataSource(url()))
			.sql("select status from tasks")
			.query((row, number) -> row.getString("status"))
			.list();
	}

	private String url() {
		return "jdbc:h2:file:" + this.directory.resolve("data");
	}

	private static int executions(JsonNode task) {
		return task.get("executions").intValue();
	}

}
