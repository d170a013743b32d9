package com.nocobase.cluster.sample;

import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import com.nocobase.cluster.sample.SampleClient.Answer;

import static org.assertj.core.api.Assertions.assertThat;

@ExtendWith(SharedSample.class)
class RecordIT {

	private final String collection = "r_" + UUID.randomUUID();

	@Test
	void recordsAreNumberedFromOneInEachCollection(SampleClient sample) {
		create(sample);

		Answer first = insert(sample, null);
		Answer second = insert(sample, "{\"title\": \"second\"}");

		assertThat(first.status()).isEqualTo(200);
		assertThat(first.body().get("sort").longValue()).isEqualTo(1);
		assertThat(first.body().get("id").stringValue()).matches("[0-9]{1,16}");
		assertThat(second.body().get("sort").longValue()).isEqualTo(2);
	}

	@Test
	void noNumberIsGivenTwiceOrLeftOut(SampleClient sample) {
		create(sample);

		List<CompletableFuture<Answer>> calls = Stream
			.generate(() -> CompletableFuture.supplyAsync(() -> insert(sample, "{}")))
			.limit(60)
			.toList();

		List<Answer> answers = calls.stream().map(CompletableFuture::join).toList();
		assertThat(answers).extracting(Answer::status).containsOnly(200);
		assertThat(answers).extracting((answer) -> answer.body().get("sort").longValue())
			.containsExactlyInAnyOrderElementsOf(LongStream.rangeClosed(1, 60).boxed().toList());
		assertThat(answers).extracting((answer) -> answer.body().get("id").stringValue()).doesNotHaveDuplicates();
	}

	@Test
	void recordsGoWithTheirCollection(SampleClient sample) {
		create(sample);
		insert(sample, null);
		sample.delete("/api/collections/" + this.collection);
		insert(sample, null).assertProblem(404);

		create(sample);
		assertThat(insert(sample, null).body().get("sort").longValue()).isEqualTo(1);
	}

	@Test
	void unknownCollectionIsNotFound(SampleClient sample) {
		insert(sample, null).assertProblem(404);
	}

	@ParameterizedTest
	@ValueSource(strings = { "[]", "\"text\"", "5", "{\"title\": ", "{} {}" })
	void onlyAnObjectIsARecord(String body, SampleClient sample) {
		create(sample);

		insert(sample, body).assertProblem(400);
		assertThat(insert(sample, "{\"title\": \"\\u0000\"}").body().get("sort").longValue()).isEqualTo(1);
	}

	private void create(SampleClient sample) {
		assertThat(sample.post("/api/collections", "{\"name\": \"%s\"}".formatted(this.collection)).status())
			.isEqualTo(204);
	}

	private Answer insert(SampleClient sample, @Nullable String body) {
		return sample.post("/api/records/" + this.collection, body);
	}

}
