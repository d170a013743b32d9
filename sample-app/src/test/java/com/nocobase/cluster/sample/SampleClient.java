package com.nocobase.cluster.sample;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Calls one instance of the sample.
 */
final class SampleClient {

	private static final Duration LIMIT = Duration.ofSeconds(30);

	private static final HttpClient http = HttpClient.newBuilder().connectTimeout(LIMIT).build();

	private static final JsonMapper json = new JsonMapper();

	private final URI root;

	SampleClient(int port) {
		this.root = URI.create("http://localhost:" + port);
	}

	JsonNode get(String path) {
		Answer answer = call("GET", path, null);
		assertThat(answer.status()).as("GET %s", path).isEqualTo(200);
		return answer.body();
	}

	Answer post(String path, @Nullable String body) {
		return call("POST", path, body);
	}

	Answer put(String path, String body) {
		return call("PUT", path, body);
	}

	Answer delete(String path) {
		return call("DELETE", path, null);
	}

	Answer call(String method, String path, @Nullable String body) {
		return call(method, path, body, "application/json");
	}

	Answer call(String method, String path, @Nullable String body, String type) {
		HttpRequest.Builder request = HttpRequest.newBuilder(this.root.resolve(path))
			.timeout(LIMIT)
			.method(method, (body != null) ? BodyPublishers.ofString(body) : BodyPublishers.noBody());
		if (body != null) {
			request.header("Content-Type", type);
		}
		return send(request.build());
	}

	String newTask(String body) {
		Answer created = post("/api/tasks", body);
		assertThat(created.status()).isEqualTo(202);
		return created.body().get("id").stringValue();
	}

	JsonNode task(String id) {
		return get("/api/tasks/" + id);
	}

	String status(String id) {
		return task(id).get("status").stringValue();
	}

	JsonNode awaitTask(String id, String status) {
		await().atMost(LIMIT).until(() -> status(id), status::equals);
		return task(id);
	}

	private static Answer send(HttpRequest request) {
		try {
			HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
			String type = response.headers().firstValue("Content-Type").orElse("");
			return new Answer(response.statusCode(), type, read(response.body(), type));
		}
		catch (IOException ex) {
			throw new IllegalStateException("%s failed".formatted(request), ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException("%s was interrupted".formatted(request), ex);
		}
	}

	private static JsonNode read(String body, String type) {
		return type.contains("json") ? json.readTree(body) : json.missingNode();
	}

	/**
	 * An answer. Where there is no JSON the body is a missing node.
	 */
	record Answer(int status, String type, JsonNode body) {

		void assertProblem(int status) {
			assertThat(this.status()).as("status of %s", this).isEqualTo(status);
			assertThat(this.type()).as("type of %s", this).isEqualTo("application/problem+json");
			assertThat(this.body().get("status").intValue()).as("body of %s", this).isEqualTo(status);
			assertThat(this.body().get("title").stringValue()).as("title of %s", this).isNotBlank();
		}

	}

}
