package com.nocobase.cluster.sample;

import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import com.nocobase.cluster.sample.SampleClient.Answer;

import static org.assertj.core.api.Assertions.assertThat;

@ExtendWith(SharedSample.class)
class CollectionIT {

	private static final String PATH = "/api/collections";

	private final String collection = "c_" + UUID.randomUUID();

	private final String fields = PATH + "/" + this.collection + "/fields";

	@Test
	void changesAreSeenAtOnce(SampleClient sample) {
		assertThat(create(sample, "").status()).isEqualTo(204);
		assertThat(schema(sample)).isEqualTo("[]");

		assertThat(sample.post(this.fields, "{\"name\": \"title\"}").status()).isEqualTo(204);
		assertThat(sample.post(this.fields, "{\"name\": \"amount\"}").status()).isEqualTo(204);
		assertThat(schema(sample)).isEqualTo("[\"amount\",\"title\"]");

		assertThat(sample.delete(this.fields + "/title").status()).isEqualTo(204);
		assertThat(schema(sample)).isEqualTo("[\"amount\"]");

		assertThat(sample.delete(PATH + "/" + this.collection).status()).isEqualTo(204);
		assertThat(schema(sample)).isNull();
	}

	@Test
	void awaitTellsWhoHasAppliedTheChange(SampleClient sample) {
		Answer created = create(sample, "?await=PT5S");

		assertThat(created.status()).isEqualTo(200);
		assertThat(created.body().propertyNames()).containsExactlyInAnyOrder("applied", "lagging");
		assertThat(created.body().get("lagging").size()).isZero();
	}

	@Test
	void whatIsRolledBackIsNowhere(SampleClient sample) {
		create(sample, "?rollback=true").assertProblem(500);
		assertThat(schema(sample)).isNull();

		create(sample, "");
		sample.post(this.fields, "{\"name\": \"title\"}");
		sample.post(this.fields + "?rollback=true", "{\"name\": \"amount\"}").assertProblem(500);
		sample.delete(this.fields + "/title?rollback=true").assertProblem(500);
		sample.delete(PATH + "/" + this.collection + "?rollback=true&await=PT1S").assertProblem(500);
		assertThat(schema(sample)).isEqualTo("[\"title\"]");
	}

	@Test
	void takenNamesAreAConflict(SampleClient sample) {
		create(sample, "");
		sample.post(this.fields, "{\"name\": \"title\"}");

		create(sample, "").assertProblem(409);
		sample.post(this.fields, "{\"name\": \"title\"}").assertProblem(409);
	}

	@Test
	void ofManyAtOnceOneTakesTheName(SampleClient sample) {
		List<CompletableFuture<Integer>> calls = Stream
			.generate(() -> CompletableFuture.supplyAsync(() -> create(sample, "").status()))
			.limit(12)
			.toList();

		assertThat(calls.stream().map(CompletableFuture::join)).containsOnly(204, 409).containsOnlyOnce(204);
	}

	@Test
	void unknownNamesAreNotFound(SampleClient sample) {
		sample.post(this.fields, "{\"name\": \"title\"}").assertProblem(404);
		sample.delete(this.fields + "/title").assertProblem(404);
		sample.delete(PATH + "/" + this.collection).assertProblem(404);

		create(sample, "");
		sample.delete(this.fields + "/title").assertProblem(404);
	}

	@ParameterizedTest
	@ValueSource(strings = { "{\"name\": \"\"}", "{\"name\": \" \"}", "{\"name\": \"a b\"}", "{\"name\": \"a.b\"}",
			"{\"name\": \"ä\"}", "{\"name\": \"a\\u0000\"}", "{\"name\": null}", "{\"name\": 5}", "{\"name\": true}",
			"{\"name\": [\"a\"]}", "{}", "\"a\"", "",
			"{\"name\": \"12345678901234567890123456789012345678901234567890123456789012345\"}" })
	void wrongNamesAreRefused(String body, SampleClient sample) {
		create(sample, "");

		sample.post(PATH, body).assertProblem(400);
		sample.post(this.fields, body).assertProblem(400);
	}

	@Test
	void longestNameIsTaken(SampleClient sample) {
		String longest = ("-_aZ09" + UUID.randomUUID() + "x".repeat(64)).substring(0, 64);

		assertThat(sample.post(PATH, "{\"name\": \"%s\"}".formatted(longest)).status()).isEqualTo(204);
	}

	@Test
	void wrongNamesInThePathAreRefused(SampleClient sample) {
		sample.post(PATH + "/a.b/fields", "{\"name\": \"title\"}").assertProblem(400);
		sample.delete(PATH + "/a.b/fields/title").assertProblem(400);
		sample.delete(this.fields + "/a%20b").assertProblem(400);
		sample.delete(PATH + "/" + "x".repeat(5_000)).assertProblem(400);
	}

	@ParameterizedTest
	@ValueSource(strings = { "?await=PT-1S", "?await=soon", "?await=5", "?await=PT100000H", "?rollback=maybe" })
	void wrongOptionsChangeNothing(String query, SampleClient sample) {
		create(sample, query).assertProblem(400);

		assertThat(schema(sample)).isNull();
	}

	private Answer create(SampleClient sample, String query) {
		return sample.post(PATH + query, "{\"name\": \"%s\"}".formatted(this.collection));
	}

	private @Nullable String schema(SampleClient sample) {
		for (JsonNode found : sample.get(PATH).values()) {
			if (found.get("name").stringValue().equals(this.collection)) {
				return found.get("fields").toString();
			}
		}
		return null;
	}

}
