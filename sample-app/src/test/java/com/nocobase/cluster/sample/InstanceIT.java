package com.nocobase.cluster.sample;

import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

@ExtendWith(SharedSample.class)
class InstanceIT {

	@Test
	void instanceTellsWhoItIs(SampleClient sample) {
		JsonNode instance = sample.get("/api/instance");

		assertThat(instance.propertyNames()).containsExactlyInAnyOrder("name", "instanceId", "workerId", "adapters",
				"serving");
		assertThat(instance.get("name").stringValue()).isEqualTo("nocobase-sample");
		assertThat(instance.get("instanceId").stringValue()).isNotBlank();
		assertThat(instance.get("workerId").intValue()).isBetween(0, 31);
		assertThat(instance.get("adapters").propertyNames()).containsExactlyInAnyOrder("cache", "pubsub", "sync",
				"queue", "lock", "workerId", "members");
		assertThat(instance.get("adapters").get("queue").stringValue()).isEqualTo("memory");
		assertThat(instance.get("adapters").get("lock").stringValue()).isEqualTo("local");
		assertThat(instance.get("serving").toString()).contains("\"requests\":true", "\"task:process\":true");
	}

	@Test
	void instanceIsTheOnlyMember(SampleClient sample) {
		JsonNode instance = sample.get("/api/instance");

		JsonNode members = sample.get("/api/members");

		assertThat(members.size()).isEqualTo(1);
		assertThat(members.get(0).get("instanceId")).isEqualTo(instance.get("instanceId"));
		assertThat(members.get(0).get("adapters")).isEqualTo(instance.get("adapters"));
		assertThat(members.get(0).get("serving")).isEqualTo(instance.get("serving"));
		assertThat(Instant.parse(members.get(0).get("lastSeen").stringValue())).isBefore(Instant.now().plusSeconds(1));
	}

	@Test
	void idsAreTextAndNeverRepeat(SampleClient sample) {
		List<String> ids = sample.get("/api/ids?count=10000").values().stream().map(JsonNode::stringValue).toList();
		Set<String> all = new HashSet<>(ids);

		sample.get("/api/ids?count=1").values().forEach((id) -> all.add(id.stringValue()));

		assertThat(ids).hasSize(10_000).allMatch((id) -> id.matches("[0-9]{1,16}"));
		assertThat(all).hasSize(10_001);
	}

	@ParameterizedTest
	@ValueSource(strings = { "?count=0", "?count=-1", "?count=10001", "?count=1.5", "?count=ten", "?count=", "",
			"?count=99999999999" })
	void wrongCountOfIdsIsRefused(String query, SampleClient sample) {
		sample.call("GET", "/api/ids" + query, null).assertProblem(400);
	}

	@Test
	void healthIsUp(SampleClient sample) {
		assertThat(sample.get("/actuator/health").get("status").stringValue()).isEqualTo("UP");
	}

}
