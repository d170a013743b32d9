package com.nocobase.cluster.member;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.ConfigurableApplicationContext;

import com.nocobase.cluster.message.Instance;
import com.nocobase.cluster.message.Subscription;
import com.nocobase.cluster.support.SignalCounts;
import com.nocobase.cluster.support.TestCluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * What members promise on every adapter.
 */
@SuppressWarnings("resource") // closed with the cluster
public abstract class MembersContract {

	private static final String FAST = "nocobase.cluster.members.heartbeat=100ms";

	private static final String SHORT = "nocobase.cluster.members.ttl=2s";

	private TestCluster cluster;

	/**
	 * Opens a cluster without instances.
	 * @return the cluster
	 */
	protected abstract TestCluster cluster();

	@BeforeEach
	void openCluster() {
		this.cluster = cluster();
	}

	@AfterEach
	void closeCluster() {
		this.cluster.close();
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2, 3 })
	void instancesSeeEachOther(int count) {
		List<ConfigurableApplicationContext> contexts = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			contexts.add(this.cluster.start("nocobase.cluster.instance-id=node-" + i));
		}
		List<String> ids = contexts.stream().map((context) -> context.getBean(Instance.class).id()).toList();

		assertThat(members(contexts.get(count - 1)).all()).extracting(Member::instanceId).isEqualTo(ids);
		for (ConfigurableApplicationContext context : contexts) {
			TestCluster
				.eventually(() -> assertThat(members(context).all()).extracting(Member::instanceId).isEqualTo(ids));
		}
	}

	@Test
	void memberTellsWhatItIs() {
		ConfigurableApplicationContext first = this.cluster.start();
		ConfigurableApplicationContext second = this.cluster.start();

		Member self = members(first).self();
		Member seen = members(second).all()
			.stream()
			.filter((member) -> member.instanceId().equals(self.instanceId()))
			.findFirst()
			.orElseThrow();

		assertThat(seen.version()).isEqualTo("development");
		assertThat(seen.serving()).containsEntry("requests", true);
		assertThat(seen.adapters()).containsKeys("members", "pubsub", "sync");
		assertThat(seen.adapters()).isEqualTo(self.adapters());
		assertThat(Duration.between(seen.lastSeen(), self.lastSeen()).abs()).isLessThan(Duration.ofSeconds(20));
		assertThat(members(second).all()).contains(seen).extracting(Member::instanceId).contains(self.instanceId());
	}

	@Test
	void refreshSeesWhoWasAnnouncedBefore() {
		ConfigurableApplicationContext first = this.cluster.start("nocobase.cluster.members.heartbeat=1m",
				"nocobase.cluster.members.ttl=3m");
		String second = this.cluster.start().getBean(Instance.class).id();

		assertThat(members(first).all()).hasSize(1);
		assertThat(members(first).refresh(Duration.ofSeconds(10))).extracting(Member::instanceId).contains(second);
		assertThatIllegalArgumentException().isThrownBy(() -> members(first).refresh(Duration.ofMillis(-1)))
			.withMessageContaining("PT-0.001S");
	}

	@Test
	void listenersAreToldWhoJoinsAndLeaves() {
		ConfigurableApplicationContext first = this.cluster.start(FAST);
		Events events = new Events();
		Subscription subscription = members(first).listen(events);

		ConfigurableApplicationContext second = this.cluster.start(FAST);
		String id = second.getBean(Instance.class).id();
		TestCluster.eventually(() -> assertThat(events.all).containsExactly("joined " + id));
		second.close();
		TestCluster.eventually(() -> assertThat(events.all).containsExactly("joined " + id, "left " + id));
		TestCluster.eventually(() -> assertThat(members(first).all()).hasSize(1));
		subscription.close();
		this.cluster.start(FAST);
		TestCluster.eventually(() -> assertThat(members(first).all()).hasSize(2));

		assertThat(events.all).hasSize(2);
	}

	@Test
	void memberThatIsNotHeardVanishes() {
		ConfigurableApplicationContext first = this.cluster.start(FAST, SHORT);
		Events events = new Events();
		members(first).listen(events);
		ConfigurableApplicationContext second = this.cluster.start(FAST, SHORT);
		String id = second.getBean(Instance.class).id();
		TestCluster.eventually(() -> assertThat(events.all).contains("joined " + id));

		this.cluster.crash(second);

		TestCluster.eventually(() -> assertThat(events.all).endsWith("vanished " + id));
		TestCluster.eventually(() -> assertThat(members(first).all()).hasSize(1));
	}

	@Test
	void listenerThatThrowsOrHangsHarmsNobody() {
		ConfigurableApplicationContext first = this.cluster.start(FAST);
		CountDownLatch never = new CountDownLatch(1);
		members(first).listen(new MemberListener() {

			@Override
			public void joined(Member member) {
				try {
					never.await();
				}
				catch (InterruptedException ex) {
					Thread.currentThread().interrupt();
				}
			}

		});
		members(first).listen(new MemberListener() {

			@Override
			public void joined(Member member) {
				throw new IllegalStateException("expected by the test");
			}

		});
		Events events = new Events();
		members(first).listen(events);

		ConfigurableApplicationContext second = this.cluster.start(FAST);
		String id = second.getBean(Instance.class).id();
		TestCluster.eventually(() -> assertThat(events.all).contains("joined " + id));
		second.close();

		TestCluster.eventually(() -> assertThat(events.all).containsExactly("joined " + id, "left " + id));
		assertThat(first.getBean(SignalCounts.class).of("members.failed")).isEqualTo(1);
		never.countDown();
	}

	@Test
	void restartIsALeaveAndAJoin() {
		ConfigurableApplicationContext first = this.cluster.start(FAST);
		ConfigurableApplicationContext second = this.cluster.start(FAST);
		String id = second.getBean(Instance.class).id();
		Events events = new Events();
		members(first).listen(events);
		TestCluster.eventually(() -> assertThat(members(first).all()).hasSize(2));

		second.stop();
		TestCluster.eventually(() -> assertThat(events.all).endsWith("left " + id));
		assertThat(members(second).all()).extracting(Member::instanceId).containsExactly(id);
		second.start();

		TestCluster.eventually(() -> assertThat(events.all).endsWith("left " + id, "joined " + id));
		assertThat(members(second).all()).hasSize(2);
	}

	@Test
	void applicationsOnOneServerDoNotMeet() {
		ConfigurableApplicationContext first = this.cluster.start();
		ConfigurableApplicationContext stranger = this.cluster.start("nocobase.cluster.name=other");

		assertThat(members(stranger).refresh(Duration.ofSeconds(10))).hasSize(1);
		assertThat(members(first).refresh(Duration.ofSeconds(10))).hasSize(1);
	}

	@Test
	void secondInstanceOfTheSameIdStopsTheStart() {
		this.cluster.start("nocobase.cluster.instance-id=same");

		assertThatExceptionOfType(RuntimeException.class)
			.isThrownBy(() -> this.cluster.start("nocobase.cluster.instance-id=same"))
			.havingRootCause()
			.withMessageContaining("same")
			.withMessageContaining("nocobase.cluster.instance-id");
	}

	private static ClusterMembers members(ConfigurableApplicationContext context) {
		return context.getBean(ClusterMembers.class);
	}

	private static final class Events implements MemberListener {

		private final List<String> all = new CopyOnWriteArrayList<>();

		@Override
		public void joined(Member member) {
			this.all.add("joined " + member.instanceId());
		}

		@Override
		public void left(Member member) {
			this.all.add("left " + member.instanceId());
		}

		@Override
		public void vanished(Member member) {
			this.all.add("vanished " + member.instanceId());
		}

	}

}
