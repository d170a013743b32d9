package com.nocobase.cluster.worker.local;

import java.time.Duration;
import java.time.Instant;

import org.junit.jupiter.api.Test;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

import com.nocobase.cluster.autoconfigure.ClusterAutoConfiguration;
import com.nocobase.cluster.autoconfigure.WorkerAutoConfiguration;
import com.nocobase.cluster.memory.MemoryBroker;
import com.nocobase.cluster.message.Instance;
import com.nocobase.cluster.support.ClusterRuntime;
import com.nocobase.cluster.worker.MovedClock;
import com.nocobase.cluster.worker.WorkerIdLease;
import com.nocobase.cluster.worker.WorkerIdsContract;

import static org.assertj.core.api.Assertions.assertThat;

class LocalWorkerIdsTests extends WorkerIdsContract {

	private final MemoryBroker broker = new MemoryBroker();

	@Override
	protected ConfigurableApplicationContext start(String... properties) {
		AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
		TestPropertyValues.of(properties).applyTo(context);
		context.registerBean(MemoryBroker.class, () -> this.broker);
		context.register(ClusterAutoConfiguration.class, WorkerAutoConfiguration.class);
		context.refresh();
		return context;
	}

	@Override
	protected void crash(ConfigurableApplicationContext instance) {
		this.broker.crash(instance.getBean(Instance.class));
	}

	/** I4. */
	@Test
	void nextHolderStartsAboveTheLastEvenIfTheClockStepsBack() {
		MovedClock clock = new MovedClock();
		LocalWorkerIdTable table = new LocalWorkerIdTable(new ClusterRuntime(new SimpleAsyncTaskExecutor(),
				new ThreadPoolTaskScheduler(), clock, System::nanoTime));
		WorkerIdLease first = table.allocate(new Instance("app", "1"), 32, Duration.ofSeconds(30));
		clock.move(Duration.ofSeconds(10));
		Instant used = first.horizon();
		first.close();
		clock.move(Duration.ofHours(-1));

		WorkerIdLease second = table.allocate(new Instance("app", "2"), 32, Duration.ofSeconds(30));

		assertThat(second.workerId()).isZero();
		assertThat(second.floor()).isEqualTo(used);
		assertThat(second.horizon()).isEqualTo(used);
	}

}
