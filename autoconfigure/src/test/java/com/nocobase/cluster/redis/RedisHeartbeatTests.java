package com.nocobase.cluster.redis;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import com.nocobase.cluster.message.Subscription;
import com.nocobase.cluster.support.SignalCounts;
import com.nocobase.cluster.support.TestCluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

@SuppressWarnings("resource") // closed with the cluster
class RedisHeartbeatTests {

	/** So that the members' heartbeat is out of the way. */
	private static final String[] SELDOM = { "nocobase.cluster.members.heartbeat=1m",
			"nocobase.cluster.members.ttl=3m" };

	private final TestCluster cluster = RedisTestCluster.on(TestRedis.shared().properties(),
			"nocobase.cluster.members.adapter=redis");

	private final SignalCounts[] counts = new SignalCounts[1];

	@AfterEach
	void close() {
		this.cluster.close();
	}

	private RedisServer server() {
		var context = this.cluster.start(SELDOM);
		this.counts[0] = context.getBean(SignalCounts.class);
		return context.getBean(RedisServers.class).server("test", null);
	}

	@Test
	void partsRideWithEachHeartbeatUntilTheyAreTakenOut() {
		RedisServer server = server();
		Part part = new Part("echo", "return { args[1], #keys }");
		Subscription riding = server.heartbeat().add(part);

		TestCluster.eventually(() -> assertThat(part.answers).hasSizeGreaterThanOrEqualTo(2));
		assertThat(RedisNames.text(part.answers.get(0).get(0))).isEqualTo("hello");
		assertThat(part.answers.get(0).get(1)).isEqualTo(1L);
		riding.close();
		int asked = part.asked.get();
		server.heartbeat().with(new Part("other", "return {}"));
		assertThat(part.asked).hasValueLessThanOrEqualTo(asked + 1);
	}

	@Test
	void partThatIsDueMoreOftenIsServedMoreOften() {
		Part part = new Part("echo", "return {}");
		server().heartbeat().add(part, Duration.ofMillis(100));

		TestCluster.eventually(() -> assertThat(part.answers).hasSizeGreaterThanOrEqualTo(10));
		assertThat(part.asked).hasValueLessThan(100);
	}

	@Test
	void partThatFailsHarmsNoOther() {
		RedisServer server = server();
		Part broken = new Part("broken", "return redis.call('NONSENSE')");
		Part throwing = new Part("throwing", "return {}") {

			@Override
			public HeartbeatPart.@Nullable Request request() {
				throw new IllegalStateException("expected by the test");
			}

		};
		Part deaf = new Part("deaf", "return {}") {

			@Override
			public void answered(long askedAt, List<Object> answer) {
				throw new IllegalStateException("expected by the test");
			}

		};
		Part well = new Part("well", "return { 1 }");
		List.of(broken, throwing, deaf, well).forEach(server.heartbeat()::add);

		assertThat(server.heartbeat().with(new Part("once", "return { 7 }"))).containsExactly(7L);

		assertThat(well.answers).isNotEmpty();
		assertThat(broken.answers).isEmpty();
		assertThat(this.counts[0].of("redis.heartbeat-failed")).isGreaterThanOrEqualTo(3);
		assertThatExceptionOfType(RedisServerException.class)
			.isThrownBy(() -> server.heartbeat().with(new Part("once more", "error('no such thing')")))
			.withMessageContaining("no such thing");
	}

	@Test
	void partMayStayOut() {
		RedisServer server = server();
		Part silent = new Part("silent", "return {}") {

			@Override
			public HeartbeatPart.@Nullable Request request() {
				this.asked.incrementAndGet();
				return null;
			}

		};
		server.heartbeat().add(silent);

		TestCluster.eventually(() -> assertThat(silent.asked).hasValueGreaterThan(1));
		assertThat(silent.answers).isEmpty();
		assertThat(server.isLost()).isFalse();
	}

	private static class Part implements HeartbeatPart {

		final AtomicInteger asked = new AtomicInteger();

		final List<List<Object>> answers = new CopyOnWriteArrayList<>();

		private final String name;

		private final String script;

		Part(String name, String script) {
			this.name = name;
			this.script = script;
		}

		@Override
		public String name() {
			return this.name;
		}

		@Override
		public String script() {
			return this.script;
		}

		@Override
		public HeartbeatPart.@Nullable Request request() {
			this.asked.incrementAndGet();
			return new Request(List.of(RedisNames.bytes("{heartbeat-test:member}key")),
					List.of(RedisNames.bytes("hello")));
		}

		@Override
		public void answered(long askedAt, List<Object> answer) {
			this.answers.add(answer);
		}

	}

}
