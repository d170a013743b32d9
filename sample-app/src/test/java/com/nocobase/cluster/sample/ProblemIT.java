package com.nocobase.cluster.sample;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

@ExtendWith(SharedSample.class)
class ProblemIT {

	@ParameterizedTest
	@CsvSource({ "GET, /, 404", "GET, /nothing, 404", "GET, /api, 404", "GET, /api/tasks/a/b, 404",
			"DELETE, /api/instance, 405", "PATCH, /api/token-policy, 405", "PUT, /api/collections, 405",
			"GET, /api/records/a, 405", "POST, /api/ids, 405" })
	void unknownPathsAndMethodsAreProblems(String method, String path, int status, SampleClient sample) {
		sample.call(method, path, null).assertProblem(status);
	}

	@Test
	void bodyThatIsNoJsonIsAProblem(SampleClient sample) {
		sample.call("POST", "/api/tasks", "<task/>", "application/xml").assertProblem(415);
		sample.post("/api/tasks", "<task/>").assertProblem(400);
	}

	@Test
	void problemSaysWhatIsWrong(SampleClient sample) {
		assertThat(sample.post("/api/tasks", "{\"steps\": -1}").body().get("detail").stringValue()).contains("steps",
				"-1");
	}

	@Test
	void problemTellsNothingOfTheInside(SampleClient sample) {
		String body = sample.post("/api/tasks", "{\"steps\": \"x\"}").body().toString();

		assertThat(body).doesNotContain("nocobase", "jackson", "trace", "Exception");
	}

}
