package com.nocobase.cluster.sample;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.core.task.AsyncTaskExecutor;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What instances share, who is there, and whose ids are whose, while processes come, go
 * and die: two instances that serve everything, one that only works, and more for a
 * while.
 */
class InstancesIT {

	/** How soon the others know of a start and of a stop. */
	private static final Duration SOON = Duration.ofSeconds(2);

	/**
	 * How soon they know of a death: the default of {@code nocobase.cluster.members.ttl}.
	 */
	private static final Duration MEMBER_TTL = Duration.ofSeconds(15);

	private static final Duration WORKER_ID_TTL = Duration.ofSeconds(5);

	private static final int EXIT_CODE_OF_SIGTERM = 128 + 15;

	private static final String ORDERS = "{\"name\":\"orders\",\"fields\":[\"title\"]}";

	private static final int IDS = 3_000;

	private static final int ROUNDS = 10;

	private static final SampleCluster cluster = new SampleCluster("cluster",
			"--nocobase.cluster.worker-id.ttl=" + WORKER_ID_TTL);

	private static final AsyncTaskExecutor threads = new SimpleAsyncTaskExecutor("ids-");

	private static List<SampleClient> serving = List.of();

	private static List<SampleClient> working = List.of();

	@BeforeAll
	static void start() throws IOException {
		SampleClient first = cluster.start().client();
		first.post("/api/collections", "{\"name\": \"orders\"}");
		first.post("/api/collections/orders/fields", "{\"name\": \"title\"}");
		SampleProcess second = cluster.start();
		SampleProcess third = cluster.start("--nocobase.cluster.worker-mode=*");
		serving = List.of(first, second.client());
		working = List.of(third.client());
	}

	@AfterAll
	static void stop() {
		cluster.close();
	}

	@Test
	void schemaOfTheFirstIsThereOnThoseThatStartLater() {
		assertThat(serving).allSatisfy((each) -> assertThat(each.get("/api/collections").toString()).contains(ORDERS));
	}

	@Test
	void databaseIsSharedAndItsErrorsAreUnderstood() {
		SampleClient one = serving.get(0);
		SampleClient other = serving.get(1);

		assertThat(one.put("/api/token-policy", "{\"expiresIn\": 60}").status()).isEqualTo(200);
		assertThat(other.get("/api/token-policy").get("expiresIn").longValue()).isEqualTo(60);
		assertThat(one.post("/api/collections", "{\"name\": \"invoices\"}").status()).isEqualTo(204);
		other.post("/api/collections", "{\"name\": \"invoices\"}").assertProblem(409);
		other.post("/api/collections/none/fields", "{\"name\": \"title\"}").assertProblem(404);
		assertThat(other.post("/api/collections/invoices/fields", "{\"name\": \"title\"}").status()).isEqualTo(204);
		assertThat(one.delete("/api/collections/invoices/fields/title?await=PT1S").status()).isEqualTo(200);
		assertThat(other.post("/api/records/invoices", "{\"title\": 1}").body().get("sort").longValue()).isEqualTo(1);
		other.post("/api/records/none", null).assertProblem(404);
		String id = one.newTask("{\"failures\": 1, \"maxRetries\": 1}");
		other.awaitTask(id, "SUCCEEDED");
		assertThat(other.get("/api/tasks?status=SUCCEEDED").size()).isEqualTo(1);
	}

	@Test
	void policyIsNewEverywhereAsSoonAsItsChangeIsCommitted() {
		SampleClient one = serving.get(0);
		SampleClient other = serving.get(1);

		for (long expiresIn = 100; expiresIn < 120; expiresIn++) {
			assertThat(one.put("/api/token-policy", "{\"expiresIn\": %d}".formatted(expiresIn)).status())
				.isEqualTo(200);
			JsonNode first = other.get("/api/token-policy");
			JsonNode second = other.get("/api/token-policy");
			assertThat(first.get("expiresIn").longValue()).isEqualTo(expiresIn);
			assertThat(second).isEqualTo(first);
			assertThat(one.get("/api/token-policy").get("expiresIn").longValue()).isEqualTo(expiresIn);
		}
	}

	@Test
	void adaptersAreThoseOfTheProfile() {
		JsonNode adapters = serving.get(0).get("/api/instance").get("adapters");

		Map<String, String> others = Map.of("queue", "rabbitmq", "sync", "memory");
		assertThat(adapters.propertyStream()).allSatisfy((each) -> assertThat(each.getValue().stringValue())
			.isEqualTo(others.getOrDefault(each.getKey(), "redis")));
		assertThat(serving)
			.allSatisfy((each) -> assertThat(each.get("/actuator/health").get("status").stringValue()).isEqualTo("UP"));
	}

	@Test
	void workerAnswersNobodyButTheActuator() {
		SampleClient worker = working.get(0);

		worker.call("GET", "/api/instance", null).assertProblem(503);
		worker.post("/api/records/orders", "{}").assertProblem(503);
		worker.call("GET", "/nothing", null).assertProblem(503);
		assertThat(worker.get("/actuator/health").get("status").stringValue()).isEqualTo("UP");
	}

	@Test
	void membersTellWhatTheyServe() {
		serving.forEach((each) -> await().atMost(SOON).untilAsserted(() -> {
			List<String> modes = each.get("/api/members")
				.valueStream()
				.map((member) -> member.get("serving").toString())
				.toList();
			assertThat(modes).filteredOn((mode) -> mode.contains("\"requests\":false")).hasSize(1);
			assertThat(modes).filteredOn((mode) -> mode.contains("\"requests\":true")).hasSize(modes.size() - 1);
		}));
	}

	@Test
	void whoComesGoesAndDiesIsSeenAndNoIdIsRepeated() throws Exception {
		Queue<String> ids = new ConcurrentLinkedQueue<>();
		SampleProcess process = cluster.start();
		SampleClient victim = process.client();
		JsonNode killed = assertSeenByAll(victim);

		takeIds(ids, victim).forEach(CompletableFuture::join);
		List<CompletableFuture<Void>> cutOff = takeIds(ids, victim);
		process.kill();
		CompletableFuture<Void> death = threads.submitCompletable(() -> awaitGone(killed, MEMBER_TTL));
		SampleProcess next = cluster.start();
		SampleClient restarted = next.client();
		List<CompletableFuture<Void>> after = takeIds(ids, restarted);

		JsonNode stopped = assertSeenByAll(restarted);
		Stream.concat(cutOff.stream(), after.stream()).forEach((each) -> each.exceptionally((ex) -> null).join());
		assertThat(ids).hasSizeGreaterThanOrEqualTo(IDS * ROUNDS * 8).doesNotHaveDuplicates();
		death.join();
		assertThat(next.terminate()).isEqualTo(EXIT_CODE_OF_SIGTERM);
		awaitGone(stopped, SOON);
		JsonNode successor = cluster.start().client().get("/api/instance");
		assertThat(successor.get("workerId")).as("lowest worker id that is free").isEqualTo(killed.get("workerId"));
	}

	private static JsonNode assertSeenByAll(SampleClient joined) {
		JsonNode self = joined.get("/api/instance");
		List<SampleClient> all = List.of(serving.get(0), serving.get(1), joined);
		await().atMost(SOON)
			.untilAsserted(() -> assertThat(all).extracting((each) -> member(each, id(self))).allSatisfy((member) -> {
				assertThat(member.get("adapters")).isEqualTo(self.get("adapters"));
				assertThat(member.get("serving")).isEqualTo(self.get("serving"));
			}));
		assertThat(memberIds(joined)).containsAll(memberIds(serving.get(0)));
		return self;
	}

	private static void awaitGone(JsonNode member, Duration limit) {
		await().atMost(limit)
			.untilAsserted(() -> assertThat(serving)
				.allSatisfy((each) -> assertThat(memberIds(each)).doesNotContain(id(member))));
	}

	private static List<CompletableFuture<Void>> takeIds(Queue<String> ids, SampleClient third) {
		return Stream.concat(serving.stream(), Stream.of(third)).map((each) -> threads.submitCompletable(() -> {
			for (int i = 0; i < ROUNDS; i++) {
				each.get("/api/ids?count=" + IDS).forEach((id) -> ids.add(id.stringValue()));
			}
		})).toList();
	}

	private static List<String> memberIds(SampleClient instance) {
		return instance.get("/api/members").valueStream().map(InstancesIT::id).sorted().toList();
	}

	private static JsonNode member(SampleClient instance, String id) {
		JsonNode all = instance.get("/api/members");
		return all.valueStream()
			.filter((member) -> id(member).equals(id))
			.findFirst()
			.orElseThrow(() -> new AssertionError(id + " is not among " + all));
	}

	private static String id(JsonNode instance) {
		return instance.get("instanceId").stringValue();
	}

}
