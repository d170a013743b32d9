package com.nocobase.cluster.sample;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Instances that share a PostgreSQL.
 */
class PostgreSqlIT {

	@Test
	void instancesThatStartAtOnceShareTheDatabase() throws Exception {
		try (SampleCluster cluster = new SampleCluster("cluster")) {
			SampleProcess first = cluster.start();
			SampleProcess second = cluster.start();
			SampleClient one = first.client();
			SampleClient other = second.client();

			assertThat(one.put("/api/token-policy", "{\"expiresIn\": 60}").status()).isEqualTo(200);
			assertThat(other.get("/api/token-policy").get("expiresIn").longValue()).isEqualTo(60);
			assertThat(one.post("/api/collections", "{\"name\": \"orders\"}").status()).isEqualTo(204);
			other.post("/api/collections", "{\"name\": \"orders\"}").assertProblem(409);
			other.post("/api/collections/none/fields", "{\"name\": \"title\"}").assertProblem(404);
			assertThat(other.post("/api/collections/orders/fields", "{\"name\": \"title\"}").status()).isEqualTo(204);
			assertThat(one.delete("/api/collections/orders/fields/title?await=PT1S").status()).isEqualTo(200);
			assertThat(other.post("/api/records/orders", "{\"title\": 1}").body().get("sort").longValue()).isEqualTo(1);
			other.post("/api/records/none", null).assertProblem(404);
			String id = one.newTask("{\"failures\": 1, \"maxRetries\": 1}");
			other.awaitTask(id, "SUCCEEDED");
			assertThat(other.get("/api/tasks?status=SUCCEEDED").size()).isEqualTo(1);
			assertThat(first.terminate()).isEqualTo(143);
			assertThat(second.terminate()).isEqualTo(143);
		}
	}

}
