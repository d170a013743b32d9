package com.nocobase.cluster.sample;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.springframework.core.task.AsyncTaskExecutor;
import org.springframework.core.task.SimpleAsyncTaskExecutor;

import com.nocobase.cluster.sample.SampleClient.Answer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Records are numbered without holes or doubles by three processes, whatever becomes of
 * one that inserts. What each lock adapter on a server has to show.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
abstract class RecordsContract {

	/** After this the lock of an instance that stands still is free for the others. */
	private static final Duration LOCK_TTL = Duration.ofSeconds(3);

	/** For what costs an instance. */
	private static final int LAST = Integer.MAX_VALUE;

	private static final int RECORDS = 2_000;

	private static final int CALLS_AT_ONCE = 30;

	private final AsyncTaskExecutor threads = threads();

	private final SampleCluster cluster;

	private List<SampleProcess> processes = List.of();

	private List<SampleClient> instances = List.of();

	private String collection = "";

	RecordsContract(String profile) {
		this.cluster = new SampleCluster(profile, "--nocobase.cluster.lock.ttl=" + LOCK_TTL);
	}

	@BeforeAll
	void start() throws IOException {
		this.processes = List.of(this.cluster.start(), this.cluster.start(), this.cluster.start());
		this.instances = this.processes.stream().map(SampleProcess::client).toList();
	}

	@BeforeEach
	void createCollection() {
		this.collection = "r_" + UUID.randomUUID();
		String body = "{\"name\": \"%s\"}".formatted(this.collection);
		assertThat(this.instances.get(0).post("/api/collections", body).status()).isEqualTo(204);
	}

	@AfterAll
	void stop() {
		this.cluster.close();
	}

	@Test
	void recordsOfAllInstancesAreNumberedWithoutHolesOrDoubles() {
		List<CompletableFuture<Answer>> calls = IntStream.range(0, RECORDS)
			.mapToObj((i) -> insertSoon(i % this.instances.size()))
			.toList();

		List<Answer> answers = calls.stream().map(CompletableFuture::join).toList();
		assertThat(answers).extracting(Answer::status).containsOnly(200);
		assertThat(answers).extracting(RecordsContract::sort).containsExactlyInAnyOrderElementsOf(upTo(RECORDS));
		assertThat(answers).extracting((answer) -> answer.body().get("id").stringValue()).doesNotHaveDuplicates();
		assertThat(sorts()).isEqualTo(upTo(RECORDS));
	}

	@Test
	void instanceThatWasPausedPastItsLeaseDoesNotCommit() throws SQLException {
		assertThat(sort(insert(1))).isEqualTo(1);
		CompletableFuture<Answer> paused = pausedWithinAnInsert(0);
		CompletableFuture<Answer> next = insertSoon(1);
		await().until(this.cluster.schema()::isInsertWaiting);

		process(0).resume();

		assertThat(paused.join().status()).isGreaterThanOrEqualTo(500);
		assertThat(sort(next.join())).isEqualTo(2);
		assertThat(sort(insert(0))).isEqualTo(3);
		assertThat(sorts()).isEqualTo(upTo(3));
	}

	@Test
	@Order(LAST)
	void lockOfAKilledInstanceIsFreeAfterItsTtl() throws SQLException {
		try (Connection barrier = this.cluster.schema().holdInserts(this.collection)) {
			insertSoon(2);
			await().until(this.cluster.schema()::isInsertWaiting);
			process(2).kill();
			barrier.rollback();
		}

		long killedAt = System.nanoTime();
		assertThat(sort(insert(1))).isEqualTo(1);

		assertThat(Duration.ofNanos(System.nanoTime() - killedAt)).isLessThan(LOCK_TTL.plusSeconds(2));
		assertThat(sort(insert(0))).isEqualTo(2);
		assertThat(sorts()).isEqualTo(upTo(2));
	}

	/**
	 * Pauses an instance whose insert ends at the database, but does not get to its
	 * commit.
	 */
	CompletableFuture<Answer> pausedWithinAnInsert(int instance) throws SQLException {
		CompletableFuture<Answer> insert;
		try (Connection barrier = this.cluster.schema().holdInserts(this.collection)) {
			insert = insertSoon(instance);
			await().until(this.cluster.schema()::isInsertWaiting);
			process(instance).pause();
			barrier.rollback();
		}
		await().until(() -> !this.cluster.schema().isInsertWaiting());
		return insert;
	}

	SampleProcess process(int instance) {
		return this.processes.get(instance);
	}

	private CompletableFuture<Answer> insertSoon(int instance) {
		String path = path();
		return this.threads.submitCompletable(() -> this.instances.get(instance).post(path, null));
	}

	Answer insert(int instance) {
		return this.instances.get(instance).post(path(), null);
	}

	private String path() {
		return "/api/records/" + this.collection;
	}

	List<Long> sorts() {
		return this.cluster.schema().sorts(this.collection);
	}

	static long sort(Answer answer) {
		assertThat(answer.status()).as("status of %s", answer).isEqualTo(200);
		return answer.body().get("sort").longValue();
	}

	static List<Long> upTo(int last) {
		return LongStream.rangeClosed(1, last).boxed().toList();
	}

	private static AsyncTaskExecutor threads() {
		SimpleAsyncTaskExecutor threads = new SimpleAsyncTaskExecutor("records-");
		threads.setConcurrencyLimit(CALLS_AT_ONCE);
		return threads;
	}

}
