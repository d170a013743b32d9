package com.nocobase.cluster.autoconfigure;

import java.time.Duration;
import java.time.Instant;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import com.nocobase.cluster.support.Capability;
import com.nocobase.cluster.support.UnknownAdapterException;
import com.nocobase.cluster.worker.SnowflakeId;
import com.nocobase.cluster.worker.SnowflakeIds;
import com.nocobase.cluster.worker.WorkerIdAllocator;
import com.nocobase.cluster.worker.WorkerIdLease;
import com.nocobase.cluster.worker.WorkerIdProperties;
import com.nocobase.cluster.worker.WorkerMode;

import static org.assertj.core.api.Assertions.assertThat;

class WorkerAutoConfigurationTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner().withConfiguration(AutoConfigurations
		.of(ClusterAutoConfiguration.class, WorkerAutoConfiguration.class, ClusterWebAutoConfiguration.class));

	@Test
	void workerIdIsLocalAndEverythingIsServedByDefault() {
		this.runner.run((context) -> {
			assertThat(context.getBean(WorkerMode.class).serving()).isTrue();
			assertThat(context.getBean(WorkerMode.class).serving("task:process")).isTrue();
			assertThat(context.getBean(SnowflakeIds.class).workerId()).isZero();
			assertThat(context).hasBean("localWorkerIdAllocator")
				.getBean(Capability.class)
				.returns("workerId", Capability::name)
				.returns("local", Capability::adapter);
			assertThat(context.getBean(WorkerIdProperties.class))
				.isEqualTo(new WorkerIdProperties(true, null, null, 5, Duration.ofSeconds(30), Duration.ofSeconds(2)));
		});
	}

	@Test
	void localCanBeNamed() {
		this.runner.withPropertyValues("nocobase.cluster.worker-id.allocator=local")
			.run((context) -> assertThat(context).hasBean("localWorkerIdAllocator"));
	}

	@Test
	void customAllocatorIsABean() {
		this.runner.withBean("mine", WorkerIdAllocator.class, () -> (workerIds) -> new FixedLease(workerIds - 1))
			.withPropertyValues("nocobase.cluster.worker-id.allocator=mine", "nocobase.cluster.worker-id.worker-bits=3")
			.run((context) -> {
				SnowflakeIds ids = context.getBean(SnowflakeIds.class);
				assertThat(ids.parse(ids.next()).workerId()).isEqualTo(7);
				assertThat(context).doesNotHaveBean("localWorkerIdAllocator");
			});
	}

	@Test
	void unknownAllocatorStopsTheStart() {
		this.runner.withPropertyValues("nocobase.cluster.worker-id.allocator=redis")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOfSatisfying(UnknownAdapterException.class,
						(ex) -> assertThat(ex.property()).isEqualTo("nocobase.cluster.worker-id.allocator")));
	}

	@Test
	void beansOfTheUserWin() {
		WorkerMode mode = WorkerMode.of("-");
		SnowflakeIds ids = new StubIds();
		this.runner.withBean(WorkerMode.class, () -> mode).withBean(SnowflakeIds.class, () -> ids).run((context) -> {
			assertThat(context).getBean(WorkerMode.class).isSameAs(mode);
			assertThat(context).getBean(SnowflakeIds.class).isSameAs(ids);
		});
	}

	@Test
	void workerIdsCanBeSwitchedOff() {
		this.runner.withPropertyValues("nocobase.cluster.worker-id.enabled=false")
			.run((context) -> assertThat(context).hasSingleBean(WorkerMode.class)
				.doesNotHaveBean(SnowflakeIds.class)
				.doesNotHaveBean(WorkerIdAllocator.class));
	}

	@Test
	void everythingCanBeSwitchedOff() {
		this.runner.withPropertyValues("nocobase.cluster.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(WorkerMode.class)
				.doesNotHaveBean(SnowflakeIds.class));
	}

	@ParameterizedTest
	@ValueSource(strings = { "worker-bits=0", "worker-bits=16", "ttl=0s", "max-wait=-1s" })
	void badValueStopsTheStart(String setting) {
		this.runner.withPropertyValues("nocobase.cluster.worker-id." + setting)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("nocobase.cluster.worker-id." + setting.substring(0, setting.indexOf('='))));
	}

	/** I6. */
	@Test
	void unknownWorkerModeStopsTheStart() {
		this.runner.withPropertyValues("nocobase.cluster.worker-mode=!x")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("nocobase.cluster.worker-mode")
				.hasMessageContaining("!x"));
	}

	@Test
	void noWebIsNeeded() {
		this.runner.withClassLoader(new FilteredClassLoader("jakarta.servlet", "org.springframework.boot.web"))
			.run((context) -> assertThat(context).hasNotFailed().hasSingleBean(WorkerMode.class));
	}

	@Test
	@EnabledForJreRange(min = JRE.JAVA_21)
	void virtualThreadsServeAsWell() {
		this.runner.withPropertyValues("spring.threads.virtual.enabled=true")
			.run((context) -> assertThat(context.getBean(SnowflakeIds.class).workerId()).isZero());
	}

	private record FixedLease(int workerId) implements WorkerIdLease {

		@Override
		public Instant floor() {
			return Instant.EPOCH;
		}

		@Override
		public Instant horizon() {
			return Instant.MAX;
		}

		@Override
		public void close() {
		}

	}

	private static final class StubIds implements SnowflakeIds {

		@Override
		public long next() {
			return 1;
		}

		@Override
		public int workerId() {
			return 1;
		}

		@Override
		public SnowflakeId parse(long id) {
			throw new IllegalArgumentException("stub");
		}

	}

}
