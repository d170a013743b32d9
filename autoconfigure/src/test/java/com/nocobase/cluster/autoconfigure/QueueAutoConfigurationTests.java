package com.nocobase.cluster.autoconfigure;

import java.lang.reflect.Proxy;
import java.net.URI;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.boot.amqp.autoconfigure.RabbitAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.mock.env.MockEnvironment;
import org.springframework.transaction.support.TransactionSynchronization;

import com.nocobase.cluster.queue.Dedup;
import com.nocobase.cluster.queue.EventQueue;
import com.nocobase.cluster.queue.Priority;
import com.nocobase.cluster.queue.QueueAdapter;
import com.nocobase.cluster.queue.QueueProperties;
import com.nocobase.cluster.queue.SilentAdapter;
import com.nocobase.cluster.queue.TaskLookup;
import com.nocobase.cluster.rabbit.RabbitNetwork;
import com.nocobase.cluster.rabbit.TestRabbit;
import com.nocobase.cluster.redis.TestRedis;
import com.nocobase.cluster.support.Capability;
import com.nocobase.cluster.support.ClusterConfigurationException;
import com.nocobase.cluster.support.UnknownAdapterException;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * {@link QueueAutoConfiguration}.
 */
@Timeout(20)
class QueueAutoConfigurationTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(ClusterAutoConfiguration.class, QueueAutoConfiguration.class));

	@BeforeAll
	static void findServers() {
		TestRedis.shared();
		TestRabbit.shared();
	}

	@Test
	void tasksAreKeptInMemoryByDefault() {
		this.runner.run((context) -> {
			assertThat(context).hasSingleBean(EventQueue.class)
				.hasSingleBean(TaskLookup.class)
				.hasSingleBean(Dedup.class)
				.hasSingleBean(Priority.class);
			assertThat(context.getBean(Capability.class)).satisfies((queue) -> {
				assertThat(queue.name()).isEqualTo("queue");
				assertThat(queue.adapter()).isEqualTo("memory");
				assertThat(queue.health().up()).isTrue();
				assertThat(queue.health().details()).containsEntry("adapter", "memory")
					.containsEntry("subscriptions", 0);
			});
			assertThat(taskIsDone(context)).isFalse();
		});
	}

	@Test
	void memoryCanBeNamed() {
		this.runner.withPropertyValues("nocobase.cluster.queue.adapter=memory")
			.run((context) -> assertThat(context).hasBean("memoryQueueAdapter"));
	}

	@Test
	void redisCanBeNamed() {
		withRedis().run((context) -> {
			assertThat(context).hasNotFailed()
				.hasBean("redisQueueAdapter")
				.doesNotHaveBean("memoryQueueAdapter")
				.hasSingleBean(TaskLookup.class)
				.hasSingleBean(Dedup.class)
				.hasSingleBean(Priority.class);
			assertThat(context.getBean(Capability.class).adapter()).isEqualTo("redis");
			assertThat(taskIsDone(context)).isFalse();
		});
	}

	@Test
	void redisMayBeAnotherServerThanTheApplications() {
		withRedis().withPropertyValues("spring.data.redis.port=1", "nocobase.cluster.queue.connection-factory=other")
			.withBean("other", LettuceConnectionFactory.class,
					() -> new LettuceConnectionFactory(TestRedis.shared().host(), TestRedis.shared().port()))
			.run((context) -> assertThat(taskIsDone(context)).isFalse());
		withRedis().withPropertyValues("nocobase.cluster.queue.connection-factory=nobody")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("nocobase.cluster.queue.connection-factory")
				.hasMessageContaining("nobody"));
	}

	@Test
	void redisWithoutItsLibrarySaysWhatToAdd() {
		withRedis().withClassLoader(new FilteredClassLoader("org.springframework.data.redis", "io.lettuce"))
			.run((context) -> {
				assertThat(context).getFailure().rootCause().isInstanceOf(UnknownAdapterException.class);
				FailureAnalysis analysis = new UnknownAdapterFailureAnalyzer()
					.analyze(Objects.requireNonNull(context.getStartupFailure()));
				assertThat(Objects.requireNonNull(analysis).getAction())
					.contains("org.springframework.boot:spring-boot-starter-data-redis");
			});
	}

	@Test
	void adapterOfTheApplicationIsChosenByItsName() {
		this.runner.withBean("silentQueueAdapter", QueueAdapter.class, SilentAdapter::new)
			.withPropertyValues("nocobase.cluster.queue.adapter=silent")
			.run((context) -> {
				assertThat(context).hasSingleBean(EventQueue.class)
					.hasSingleBean(QueueAdapter.class)
					.doesNotHaveBean(TaskLookup.class)
					.doesNotHaveBean(Dedup.class)
					.doesNotHaveBean(Priority.class);
				assertThat(context.getBean(Capability.class).adapter()).isEqualTo("silent");
			});
	}

	@Test
	void unknownAdapterStopsTheStart() {
		this.runner.withPropertyValues("nocobase.cluster.queue.adapter=rabit")
			.run((context) -> assertThat(context).hasFailed()
				.getFailure()
				.hasRootCauseInstanceOf(UnknownAdapterException.class)
				.rootCause()
				.hasMessageContaining("nocobase.cluster.queue.adapter")
				.hasMessageContaining("rabit"));
	}

	@Test
	void rabbitCanBeNamed() {
		withRabbit().run((context) -> {
			assertThat(context).hasNotFailed()
				.hasBean("rabbitmqQueueAdapter")
				.doesNotHaveBean("memoryQueueAdapter")
				.doesNotHaveBean(TaskLookup.class)
				.doesNotHaveBean(Dedup.class)
				.doesNotHaveBean(Priority.class);
			assertThat(context.getBean(Capability.class).adapter()).isEqualTo("rabbitmq");
			assertThat(context.getBean(Capability.class).health().up()).isTrue();
			assertThat(taskIsDone(context)).isFalse();
			RabbitNetwork.watch(context.getSourceApplicationContext(GenericApplicationContext.class));
		});
		RabbitNetwork.deleteDeclared();
	}

	@Test
	void rabbitMayBeAnotherServerThanTheApplications() {
		withRabbit().withPropertyValues("nocobase.cluster.queue.connection-factory=nobody")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("nocobase.cluster.queue.connection-factory")
				.hasMessageContaining("nobody"));
		withRabbit()
			.withPropertyValues("spring.rabbitmq.addresses=amqp://localhost:1",
					"nocobase.cluster.queue.connection-factory=other")
			.withBean("other", CachingConnectionFactory.class,
					() -> new CachingConnectionFactory(URI.create(TestRabbit.shared().address())))
			.run((context) -> assertThat(context.getBean(Capability.class).health().up()).isTrue());
	}

	@Test
	void rabbitWithoutAnybodyToConnectStopsTheStart() {
		this.runner.withConfiguration(AutoConfigurations.of(ClusterRabbitAutoConfiguration.class))
			.withPropertyValues("nocobase.cluster.queue.adapter=rabbitmq", "nocobase.cluster.name=app",
					"nocobase.cluster.worker-id.allocator=local")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(ClusterConfigurationException.class)
				.hasMessageContaining("ConnectionFactory"));
	}

	@Test
	void rabbitWithoutItsLibrarySaysWhatToAdd() {
		withRabbit().withClassLoader(new FilteredClassLoader("org.springframework.amqp", "com.rabbitmq"))
			.run((context) -> {
				assertThat(context).getFailure().rootCause().isInstanceOf(UnknownAdapterException.class);
				FailureAnalysis analysis = new UnknownAdapterFailureAnalyzer()
					.analyze(Objects.requireNonNull(context.getStartupFailure()));
				assertThat(Objects.requireNonNull(analysis).getAction())
					.contains("org.springframework.boot:spring-boot-starter-amqp");
			});
	}

	@Test
	void timeoutBeyondThatOfRabbitStopsTheStart() {
		withRabbit()
			.withPropertyValues("nocobase.cluster.queue.timeout=2h",
					"nocobase.cluster.queue.rabbit.consumer-timeout=1h")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("nocobase.cluster.queue.timeout must be at most PT1H"));
		withRabbit().withPropertyValues("nocobase.cluster.queue.rabbit.consumer-timeout=0s")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("nocobase.cluster.queue.rabbit.consumer-timeout"));
	}

	@Test
	void queueOfTheApplicationWins() {
		this.runner.withUserConfiguration(OwnQueue.class)
			.run((context) -> assertThat(context).hasSingleBean(EventQueue.class)
				.hasBean("ownQueue")
				.doesNotHaveBean(Capability.class)
				.doesNotHaveBean(TaskLookup.class)
				.doesNotHaveBean("nocobaseClusterQueueConsumers"));
	}

	@Test
	void queueCanBeSwitchedOff() {
		this.runner.withPropertyValues("nocobase.cluster.queue.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(EventQueue.class)
				.doesNotHaveBean(QueueProperties.class));
		this.runner.withPropertyValues("nocobase.cluster.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(EventQueue.class));
	}

	@Test
	void badValueStopsTheStartAndNamesTheProperty() {
		for (String bad : new String[] { "timeout=0s", "max-concurrency=0", "max-crashes=-1", "drain=-1s",
				"publish-timeout=0s", "max-unconfirmed=0", "resend-buffer=0", "cancel-timeout=0s", "dedup-window=-1s",
				"memory.max-size=0", "ownership=0s" }) {
			String name = bad.substring(0, bad.indexOf('='));
			this.runner.withPropertyValues("nocobase.cluster.queue." + bad)
				.run((context) -> assertThat(context).hasFailed()
					.getFailure()
					.rootCause()
					.hasMessageContaining("nocobase.cluster.queue." + name));
		}
	}

	@Test
	void abilityThatTheAdapterDoesNotHaveStopsTheStartAndSaysWhoHasIt() {
		withRabbit().withBean(PriorityUser.class).run((context) -> {
			assertThat(context).hasFailed();
			MockEnvironment environment = new MockEnvironment().withProperty("nocobase.cluster.queue.adapter",
					"rabbitmq");
			FailureAnalysis analysis = new MissingAbilityFailureAnalyzer(environment)
				.analyze(Objects.requireNonNull(context.getStartupFailure()));
			assertThat(Objects.requireNonNull(analysis).getDescription()).contains("Priority")
				.contains("nocobase.cluster.queue.adapter is 'rabbitmq'");
			assertThat(analysis.getAction()).contains("memory or redis");
		});
		withRedis().withBean(PriorityUser.class).run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void springTxIsNotNeeded() {
		this.runner.withClassLoader(new FilteredClassLoader(TransactionSynchronization.class))
			.run((context) -> assertThat(taskIsDone(context)).isFalse());
	}

	@Test
	void handlersRunOnPlatformThreads() {
		this.runner.run((context) -> assertThat(taskIsDone(context)).isFalse());
	}

	@Test
	@EnabledForJreRange(min = JRE.JAVA_21)
	void handlersRunOnVirtualThreads() {
		this.runner.withPropertyValues("spring.threads.virtual.enabled=true")
			.run((context) -> assertThat(taskIsDone(context)).isTrue());
	}

	private ApplicationContextRunner withRedis() {
		return this.runner
			.withConfiguration(
					AutoConfigurations.of(DataRedisAutoConfiguration.class, ClusterRedisAutoConfiguration.class))
			.withPropertyValues(TestRedis.shared().properties())
			.withPropertyValues("nocobase.cluster.name=" + UUID.randomUUID(), "nocobase.cluster.queue.adapter=redis",
					"nocobase.cluster.worker-id.allocator=local");
	}

	private ApplicationContextRunner withRabbit() {
		return this.runner
			.withConfiguration(
					AutoConfigurations.of(RabbitAutoConfiguration.class, ClusterRabbitAutoConfiguration.class))
			.withPropertyValues("nocobase.cluster.name=" + UUID.randomUUID(), "nocobase.cluster.queue.adapter=rabbitmq",
					"nocobase.cluster.worker-id.allocator=local",
					"spring.rabbitmq.addresses=" + TestRabbit.shared().address());
	}

	private static boolean taskIsDone(AssertableApplicationContext context) {
		CompletableFuture<Thread> doneBy = new CompletableFuture<>();
		EventQueue queue = context.getBean(EventQueue.class);
		queue.subscribe("work", String.class, (task, run) -> doneBy.complete(Thread.currentThread()));
		queue.publish("work", "a");
		Thread worker = doneBy.join();
		assertThat(worker.getName()).startsWith("nocobase-cluster-");
		return !worker.getThreadGroup().getName().equals("main");
	}

	record PriorityUser(Priority priority) {

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnQueue {

		@Bean
		EventQueue ownQueue() {
			return (EventQueue) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] { EventQueue.class },
					(proxy, method, arguments) -> null);
		}

	}

}
