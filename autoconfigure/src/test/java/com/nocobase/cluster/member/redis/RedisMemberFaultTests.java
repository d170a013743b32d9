package com.nocobase.cluster.member.redis;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;

import com.nocobase.cluster.member.ClusterMembers;
import com.nocobase.cluster.member.Member;
import com.nocobase.cluster.message.Instance;
import com.nocobase.cluster.redis.RedisNames;
import com.nocobase.cluster.redis.RedisProcess;
import com.nocobase.cluster.redis.RedisServer;
import com.nocobase.cluster.redis.RedisServers;
import com.nocobase.cluster.redis.RedisTestCluster;
import com.nocobase.cluster.support.TestCluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What may happen to members, on a server of the test's own.
 */
@SuppressWarnings("resource") // closed with the cluster
class RedisMemberFaultTests {

	private static final Duration TTL = Duration.ofSeconds(15);

	private final RedisProcess redis = RedisProcess.start();

	private final TestCluster cluster = RedisTestCluster.on(this.redis.properties(),
			"nocobase.cluster.members.adapter=redis", "nocobase.cluster.redis.timeout=2s");

	@AfterEach
	void close() {
		this.cluster.close();
		this.redis.close();
	}

	private static ClusterMembers members(ConfigurableApplicationContext context) {
		return context.getBean(ClusterMembers.class);
	}

	private static RedisServer server(ConfigurableApplicationContext context) {
		return context.getBean(RedisServers.class).server("test", null);
	}

	private static Member member(String id) {
		return new Member(id, "1", Instant.EPOCH, Map.of("requests", true, "task:process", false),
				Map.of("members", "redis"));
	}

	@Test
	void heartbeatThatIsSentAgainAfterTheGoodbyeBringsNobodyBack() {
		ConfigurableApplicationContext observer = this.cluster.start();
		RedisMembers adapter = new RedisMembers(server(observer), new Instance("test", "late"));
		Incarnation life = new Incarnation();
		Member late = member("late");
		assertThat(status(adapter.beat(life, late, TTL, MembersView.NONE))).isEqualTo("live");
		assertThat(status(adapter.beat(life, late, TTL, MembersView.NONE))).isEqualTo("live");

		adapter.goodbye(life, late);
		adapter.goodbye(life, late);

		assertThat(status(adapter.beat(life, late, TTL, MembersView.NONE))).isEqualTo("gone");
		assertThat(members(observer).refresh(Duration.ofSeconds(5))).hasSize(1);
		Incarnation next = new Incarnation();
		assertThat(status(adapter.beat(next, late, TTL, MembersView.NONE))).isEqualTo("live");
		adapter.goodbye(life, late);
		assertThat(members(observer).refresh(Duration.ofSeconds(5))).hasSize(2);
	}

	private static String status(List<Object> answer) {
		return RedisNames.text(answer.get(0));
	}

	@Test
	void successorOfACrashedInstanceWaitsUntilItHasExpired() {
		String[] fixed = { "nocobase.cluster.instance-id=node-1", "nocobase.cluster.members.ttl=4s" };
		ConfigurableApplicationContext first = this.cluster.start(fixed);
		this.cluster.crash(first);

		ConfigurableApplicationContext second = this.cluster.start(fixed);

		assertThat(members(second).all()).extracting(Member::instanceId).containsExactly("node-1");
	}

	private Map<String, Long> calls() {
		return this.redis.command("INFO", "commandstats")
			.lines()
			.filter((line) -> line.startsWith("cmdstat_"))
			.collect(Collectors.toMap((line) -> line.substring("cmdstat_".length(), line.indexOf(':')),
					(line) -> Long.valueOf(line.substring(line.indexOf("calls=") + 6, line.indexOf(',')))));
	}

	@Test
	void fiftyMembersAreToldWholeOnlyWhenSomethingChanges() {
		ConfigurableApplicationContext context = this.cluster.start();
		RedisMembers adapter = new RedisMembers(server(context), new Instance("test", "one"));
		List<Incarnation> lives = new ArrayList<>();
		for (int i = 0; i < 49; i++) {
			lives.add(new Incarnation());
			adapter.beat(lives.get(i), member("node-" + i), TTL, MembersView.NONE);
		}
		List<Object> whole = adapter.beat(lives.get(0), member("node-0"), TTL, MembersView.NONE);
		MembersView view = MembersView.NONE.after(whole);
		this.redis.command("CONFIG", "RESETSTAT");

		for (int i = 0; i < 49; i++) {
			List<Object> answer = adapter.beat(lives.get(i), member("node-" + i), TTL, view);
			assertThat(answer).hasSize(3);
			assertThat(view.after(answer)).isSameAs(view);
			assertThat(view.seen(answer).live()).hasSize(50);
		}

		assertThat(calls().get("evalsha")).isBetween(49L, 60L);
		assertThat(calls()).doesNotContainKeys("hset", "set");
		assertThat(adapter.beat(lives.get(1), new Member("node-1", "2", Instant.EPOCH, Map.of(), Map.of()), TTL, view))
			.hasSize(5);
	}

	@Test
	void membersComeBackWhenTheServerWasRestartedWithoutItsData() {
		ConfigurableApplicationContext first = this.cluster.start();
		ConfigurableApplicationContext second = this.cluster.start();

		this.redis.restart(false);

		for (ConfigurableApplicationContext each : List.of(first, second)) {
			TestCluster.eventually(() -> {
				assertThat(members(each).all()).hasSize(2);
				assertThat(this.redis.command("KEYS", "*seen").lines()).hasSize(1);
			});
		}
		this.redis.command("SCRIPT", "FLUSH");
		assertThat(members(first).refresh(Duration.ofSeconds(5))).hasSize(2);
	}

	@Test
	void pauseOfTheServerLosesNobody() {
		ConfigurableApplicationContext first = this.cluster.start();
		ConfigurableApplicationContext second = this.cluster.start();

		this.redis.pause();
		await().pollDelay(Duration.ofSeconds(5)).until(() -> true);
		assertThat(members(first).all()).hasSizeLessThanOrEqualTo(2);
		this.redis.resume();

		TestCluster.eventually(() -> assertThat(members(first).refresh(Duration.ofSeconds(1))).hasSize(2));
		TestCluster.eventually(() -> assertThat(members(second).refresh(Duration.ofSeconds(1))).hasSize(2));
	}

	@Test
	void oddNamesMeetNoOthers() {
		String odd = "nocobase.cluster.name=a*{b}:c%";
		ConfigurableApplicationContext first = this.cluster.start(odd, "nocobase.cluster.instance-id=x y\nz*");
		ConfigurableApplicationContext second = this.cluster.start(odd, "nocobase.cluster.instance-id={x}:|%");
		ConfigurableApplicationContext stranger = this.cluster.start("nocobase.cluster.name=a*");

		assertThat(members(second).all()).extracting(Member::instanceId).containsExactlyInAnyOrder("x y\nz*", "{x}:|%");
		assertThat(members(first).refresh(Duration.ofSeconds(5))).hasSize(2);
		assertThat(members(stranger).refresh(Duration.ofSeconds(5))).hasSize(1);
		assertThat(this.redis.command("KEYS", "*").lines())
			.allMatch((key) -> key.startsWith("{a%2A%7Bb%7D%3Ac%25:member}") || key.startsWith("{a%2A:member}"));
		second.close();
		TestCluster.eventually(
				() -> assertThat(members(first).all()).extracting(Member::instanceId).containsExactly("x y\nz*"));
	}

}
