package com.nocobase.cluster.sample;

import java.io.IOException;
import java.util.UUID;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Instances that share a PostgreSQL, which {@code .ci/services} provides.
 */
class PostgreSqlIT {

	private static final String URL = "jdbc:postgresql://127.0.0.1:5432/test";

	private static final String USER = "postgres";

	private final JdbcClient jdbc = JdbcClient.create(new DriverManagerDataSource(URL, USER, ""));

	private final String schema = "sample_" + UUID.randomUUID().toString().replace("-", "");

	@BeforeEach
	void createSchema() {
		this.jdbc.sql("create schema " + this.schema).update();
	}

	@AfterEach
	void dropSchema() {
		this.jdbc.sql("drop schema %s cascade".formatted(this.schema)).update();
	}

	@Test
	void instancesThatStartAtOnceShareTheDatabase() throws Exception {
		try (SampleProcess first = start(); SampleProcess second = start()) {
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

	private SampleProcess start() throws IOException {
		return SampleProcess.start(SampleProcess.newDirectory(), "--spring.profiles.active=cluster",
				"--spring.datasource.url=%s?currentSchema=%s".formatted(URL, this.schema),
				"--spring.datasource.username=" + USER);
	}

}
