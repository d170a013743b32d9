package com.nocobase.cluster.sample;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import com.nocobase.cluster.sample.SampleClient.Answer;

import static org.assertj.core.api.Assertions.assertThat;

@ExtendWith(SharedSample.class)
class TokenPolicyIT {

	private static final String PATH = "/api/token-policy";

	@Test
	void policyIsReadOnceUntilItChanges(SampleClient sample) {
		Answer changed = sample.put(PATH, "{\"expiresIn\": 7200}");

		JsonNode first = sample.get(PATH);
		JsonNode second = sample.get(PATH);
		sample.put(PATH, "{\"expiresIn\": 60}");
		JsonNode third = sample.get(PATH);

		assertThat(changed.status()).isEqualTo(200);
		assertThat(changed.body().get("expiresIn").longValue()).isEqualTo(7200);
		assertThat(first.get("expiresIn").longValue()).isEqualTo(7200);
		assertThat(first.get("loads").longValue()).isEqualTo(changed.body().get("loads").longValue() + 1);
		assertThat(second).isEqualTo(first);
		assertThat(third.get("expiresIn").longValue()).isEqualTo(60);
		assertThat(third.get("loads").longValue()).isEqualTo(first.get("loads").longValue() + 1);
	}

	@ParameterizedTest
	@ValueSource(strings = { "{\"expiresIn\": 0}", "{\"expiresIn\": -1}", "{\"expiresIn\": 1.5}",
			"{\"expiresIn\": \"60\"}", "{\"expiresIn\": null}", "{\"expiresIn\": true}", "{\"expiresIn\": [60]}",
			"{\"expiresIn\": {}}", "{\"expiresIn\": 9223372036854775808}", "{\"expiresIn\": 1e400}", "{}", "null", "60",
			"[]", "{\"expiresIn\": 60", "" })
	void anythingButWholeSecondsIsRefused(String body, SampleClient sample) {
		JsonNode before = sample.get(PATH);

		Answer answer = sample.put(PATH, body);

		answer.assertProblem(400);
		assertThat(sample.get(PATH)).isEqualTo(before);
	}

}
