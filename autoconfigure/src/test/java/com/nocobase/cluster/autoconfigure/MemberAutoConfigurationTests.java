package com.nocobase.cluster.autoconfigure;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import com.nocobase.cluster.member.ClusterMembers;
import com.nocobase.cluster.member.Member;
import com.nocobase.cluster.member.MemberAdapter;
import com.nocobase.cluster.member.MemberDetails;
import com.nocobase.cluster.member.MemberListener;
import com.nocobase.cluster.member.MembersSeen;
import com.nocobase.cluster.message.Subscription;
import com.nocobase.cluster.redis.TestRedis;
import com.nocobase.cluster.support.Capability;
import com.nocobase.cluster.support.ClusterConfigurationException;
import com.nocobase.cluster.support.UnknownAdapterException;
import com.nocobase.cluster.worker.WorkerMode;

import static org.assertj.core.api.Assertions.assertThat;

class MemberAutoConfigurationTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(ClusterAutoConfiguration.class, MemberAutoConfiguration.class));

	@Test
	void memoryIsTheDefault() {
		this.runner.run((context) -> {
			Capability capability = context.getBean(Capability.class);
			assertThat(capability.name()).isEqualTo("members");
			assertThat(capability.adapter()).isEqualTo("memory");
			assertThat(capability.health().up()).isTrue();
			assertThat(context.getBean(ClusterMembers.class).all()).extracting(Member::adapters)
				.containsExactly(Map.of("members", "memory"));
		});
	}

	@Test
	void memoryCanBeNamed() {
		this.runner.withPropertyValues("nocobase.cluster.members.adapter=memory")
			.run((context) -> assertThat(context).hasBean("memoryMemberAdapter"));
	}

	@Test
	void unknownAdapterStopsTheStart() {
		this.runner.withPropertyValues("nocobase.cluster.members.adapter=carrier-pigeon")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(UnknownAdapterException.class)
				.hasMessageContaining("carrier-pigeon"));
	}

	@Test
	void customAdapterIsABeanAndDifferentAdaptersAreToldInHealth() {
		Member stranger = new Member("stranger", "1", Instant.EPOCH, Map.of(), Map.of("members", "other"));
		this.runner.withPropertyValues("nocobase.cluster.members.adapter=mine")
			.withBean("mineMemberAdapter", MemberAdapter.class, () -> new FixedMembers(stranger))
			.run((context) -> {
				assertThat(context).doesNotHaveBean("memoryMemberAdapter");
				assertThat(context.getBean(ClusterMembers.class).all()).contains(stranger).hasSize(2);
				Capability capability = context.getBean(Capability.class);
				assertThat(capability.adapter()).isEqualTo("mine");
				assertThat(capability.health().up()).isFalse();
				assertThat(capability.health().details().get("differentAdapters")).asString().contains("stranger");
			});
	}

	@Test
	void keyThatNobodyServesIsToldInHealthWithoutTurningItRed() {
		Member other = new Member("other", "1", Instant.EPOCH,
				Map.of("requests", false, "task:process", true, "mail:process", false), Map.of());
		this.runner.withPropertyValues("nocobase.cluster.members.adapter=mine")
			.withBean("mineMemberAdapter", MemberAdapter.class, () -> new FixedMembers(other))
			.withBean(WorkerMode.class,
					() -> new FixedMode(Map.of("requests", false, "task:process", false, "mail:process", false)))
			.run((context) -> {
				Capability capability = context.getBean(Capability.class);
				assertThat(capability.health().up()).isTrue();
				assertThat(capability.health().details()).containsEntry("unserved", List.of("mail:process"));
			});
	}

	@Test
	void redisIsTheDefaultAsSoonAsAnyCapabilityUsesIt() {
		ApplicationContextRunner onRedis = this.runner
			.withConfiguration(
					AutoConfigurations.of(DataRedisAutoConfiguration.class, ClusterRedisAutoConfiguration.class))
			.withPropertyValues(TestRedis.shared().properties())
			.withPropertyValues("nocobase.cluster.name=test-" + UUID.randomUUID(),
					"nocobase.cluster.lock.adapter=redis");

		onRedis.run((context) -> assertThat(context.getBean(Capability.class).adapter()).isEqualTo("redis"));
		onRedis.withPropertyValues("nocobase.cluster.members.adapter=memory")
			.run((context) -> assertThat(context).doesNotHaveBean("redisMemberAdapter")
				.getBean(Capability.class)
				.returns("memory", Capability::adapter));
		onRedis.withPropertyValues("nocobase.cluster.members.connection-factory=nobody")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(ClusterConfigurationException.class)
				.hasMessageContaining("nocobase.cluster.members.connection-factory")
				.hasMessageContaining("nobody"));
	}

	@Test
	void workerModeTellsWhatIsServed() {
		this.runner.withBean(WorkerMode.class, () -> new FixedMode(Map.of("requests", false, "task:process", true)))
			.run((context) -> assertThat(context.getBean(ClusterMembers.class).self().serving())
				.isEqualTo(Map.of("requests", false, "task:process", true)));
	}

	@Test
	void beansOfTheApplicationWin() {
		this.runner.withBean(ClusterMembers.class, UsersMembers::new)
			.run((context) -> assertThat(context).hasSingleBean(ClusterMembers.class)
				.getBean(ClusterMembers.class)
				.isInstanceOf(UsersMembers.class));
		this.runner.withBean(MemberDetails.class, UsersDetails::new)
			.run((context) -> assertThat(context.getBean(ClusterMembers.class).self().adapters())
				.containsOnlyKeys("mine"));
	}

	@Test
	void canBeSwitchedOff() {
		this.runner.withPropertyValues("nocobase.cluster.members.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(ClusterMembers.class));
		this.runner.withPropertyValues("nocobase.cluster.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(ClusterMembers.class));
	}

	@Test
	void badValueStopsTheStart() {
		for (String bad : new String[] { "heartbeat=0s", "heartbeat=-1s", "ttl=1s" }) {
			this.runner.withPropertyValues("nocobase.cluster.members." + bad)
				.run((context) -> assertThat(context).getFailure()
					.rootCause()
					.hasMessageContaining("nocobase.cluster.members." + bad.substring(0, bad.indexOf('='))));
		}
	}

	@Test
	@EnabledForJreRange(min = JRE.JAVA_21)
	void worksOnVirtualThreads() {
		this.runner.withPropertyValues("spring.threads.virtual.enabled=true")
			.run((context) -> assertThat(context.getBean(Capability.class).health().up()).isTrue());
	}

	private record FixedMembers(Member other) implements MemberAdapter {

		@Override
		public MembersSeen heartbeat(Member self, Duration timeToLive) {
			return new MembersSeen(List.of(this.other, self), Set.of());
		}

		@Override
		public void goodbye(Member self) {
		}

	}

	private record FixedMode(Map<String, Boolean> known) implements WorkerMode {

		@Override
		public boolean serving() {
			return false;
		}

		@Override
		public boolean serving(String key) {
			return true;
		}

	}

	private static final class UsersDetails implements MemberDetails {

		@Override
		public Map<String, Boolean> serving() {
			return Map.of();
		}

		@Override
		public Map<String, String> adapters() {
			return Map.of("mine", "x");
		}

	}

	private static final class UsersMembers implements ClusterMembers {

		@Override
		public List<Member> all() {
			return List.of(self());
		}

		@Override
		public List<Member> refresh(Duration limit) {
			return all();
		}

		@Override
		public Member self() {
			return new Member("me", "1", Instant.EPOCH, Map.of(), Map.of());
		}

		@Override
		public Subscription listen(MemberListener listener) {
			return () -> {
			};
		}

	}

}
