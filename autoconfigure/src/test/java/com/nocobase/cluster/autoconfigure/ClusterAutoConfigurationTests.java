package com.nocobase.cluster.autoconfigure;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

import org.apache.commons.logging.LogFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.task.TaskExecutionAutoConfiguration;
import org.springframework.boot.autoconfigure.task.TaskSchedulingAutoConfiguration;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.support.SpringFactoriesLoader;
import org.springframework.core.task.AsyncTaskExecutor;
import org.springframework.scheduling.TaskScheduler;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.util.ClassUtils;
import reactor.core.publisher.Mono;

import com.nocobase.cluster.ClusterApp;
import com.nocobase.cluster.ClusterRunner;
import com.nocobase.cluster.lock.Locked;
import com.nocobase.cluster.message.Instance;
import com.nocobase.cluster.message.MessageType;
import com.nocobase.cluster.pubsub.PubSubAdapter;
import com.nocobase.cluster.pubsub.PubSubListener;
import com.nocobase.cluster.queue.QueueListener;
import com.nocobase.cluster.support.Capability;
import com.nocobase.cluster.support.ClusterRuntime;
import com.nocobase.cluster.sync.SyncListener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.mockito.Mockito.mock;

/**
 * What all capabilities stand on, and the checks that look at all of them.
 */
class ClusterAutoConfigurationTests {

	@Test
	void everythingIsThereWithoutConfiguration() {
		ClusterRunner.instance().run((context) -> {
			assertThat(context).hasSingleBean(ClusterApp.class);
			assertThat(context.getBeanProvider(Capability.class).stream().map(Capability::name))
				.containsExactlyInAnyOrder("cache", "pubsub", "sync", "queue", "lock", "workerId", "members");
			assertThat(context.getBeanProvider(Capability.class).stream().map(Capability::adapter))
				.containsOnly("memory", "local");
			ClusterApp app = context.getBean(ClusterApp.class);
			assertThat(app.name()).isEqualTo("crm");
			assertThat(app.instanceId()).isNotBlank().isEqualTo(app.members().self().instanceId());
			assertThat(app.serving()).isTrue();
			assertThat(app.serving("task:process")).isTrue();
			app.cache().set("answer", 42);
			assertThat(app.cache().get("answer")).isEqualTo(42);
		});
	}

	@Test
	void nameAndInstanceIdComeFromTheConfiguration() {
		ClusterRunner.instance()
			.withPropertyValues("nocobase.cluster.name=sales", "nocobase.cluster.instance-id=one")
			.run((context) -> assertThat(context.getBean(Instance.class)).isEqualTo(new Instance("sales", "one")));
	}

	@Test
	void longOrStrangeWorkerModeStopsTheStart() {
		ClusterRunner.instance()
			.withPropertyValues("nocobase.cluster.worker-mode=!web")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("nocobase.cluster.worker-mode")
				.hasMessageContaining("!web"));
		ClusterRunner.instance()
			.withPropertyValues("nocobase.cluster.name=" + "x".repeat(10_000))
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("nocobase.cluster.name must have at most 200 characters"));
	}

	@Test
	void nothingIsThereWhenSwitchedOff() {
		ClusterRunner.instance()
			.withPropertyValues("nocobase.cluster.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(ClusterApp.class)
				.doesNotHaveBean(ClusterRuntime.class)
				.doesNotHaveBean(Capability.class));
	}

	@Test
	void annotatedMethodWithoutItsCapabilityStopsTheStart() {
		for (String capability : List.of("lock", "pubsub", "sync", "queue")) {
			ClusterRunner.instance()
				.withPropertyValues("nocobase.cluster.%s.enabled=false".formatted(capability))
				.withBean(Annotated.class)
				.run((context) -> assertThat(context).getFailure()
					.hasMessageContaining(Annotated.class.getName() + "." + capability)
					.hasMessageContaining("nocobase.cluster.%s.enabled is false".formatted(capability)));
		}
		ClusterRunner.instance().withBean(Annotated.class).run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void annotatedMethodThatReturnsBeforeItsWorkIsDoneStopsTheStart() {
		for (Class<?> early : List.of(ReturnsMono.class, ReturnsFuture.class)) {
			ClusterRunner.instance()
				.withBean(early)
				.run((context) -> assertThat(context).getFailure()
					.hasMessageContaining(early.getName() + ".work")
					.hasMessageContaining("which nobody would wait for"));
		}
	}

	@Test
	void typeWithoutAUsableNameIsRefusedWhenSubscribing() {
		ClusterRunner.instance().run((context) -> {
			ClusterApp app = context.getBean(ClusterApp.class);
			assertThatIllegalArgumentException()
				.isThrownBy(() -> app.pubSubManager().subscribe("channel", BlankType.class, (message) -> {
				}));
			assertThatIllegalArgumentException()
				.isThrownBy(() -> app.eventQueue().subscribe("channel", BlankType.class, (task, run) -> {
				}));
		});
	}

	@Test
	void bootsExecutorDoesNotBackOffAndIsTheOneThatIsInjected() {
		ClusterRunner.instance()
			.withConfiguration(AutoConfigurations.of(TaskExecutionAutoConfiguration.class))
			.withBean(ExecutorUser.class)
			.run((context) -> assertThat(context.getBean(ExecutorUser.class).executor)
				.isSameAs(context.getBean("applicationTaskExecutor")));
	}

	@Test
	void bootsSchedulerDoesNotBackOffAndIsTheOneThatIsInjected() {
		ClusterRunner.instance()
			.withConfiguration(AutoConfigurations.of(TaskSchedulingAutoConfiguration.class))
			.withUserConfiguration(Scheduling.class)
			.withBean(SchedulerUser.class)
			.run((context) -> assertThat(context.getBean(SchedulerUser.class).scheduler)
				.isSameAs(context.getBean("taskScheduler")));
	}

	@Test
	void handlersRunOnPooledThreadsOfOurOwn() {
		ClusterRunner.instance().run((context) -> {
			Thread thread = context.getBean(ClusterRuntime.class).executor().submit(Thread::currentThread).get();
			assertThat(thread.getName()).startsWith("nocobase-cluster-");
			assertThat(thread.isDaemon()).isTrue();
		});
	}

	@Test
	@EnabledForJreRange(min = JRE.JAVA_21)
	void handlersRunOnVirtualThreadsByBootsSwitch() {
		ClusterRunner.instance().withPropertyValues("spring.threads.virtual.enabled=true").run((context) -> {
			assertThat(context).hasNotFailed();
			Thread thread = context.getBean(ClusterRuntime.class).executor().submit(Thread::currentThread).get();
			assertThat(Thread.class.getMethod("isVirtual").invoke(thread)).isEqualTo(true);
		});
	}

	@Test
	void remoteAdapterNeedsANameOfTheApplication() {
		ClusterRunner.instance()
			.withPropertyValues("spring.application.name=", "nocobase.cluster.pubsub.adapter=kafka")
			.withBean("kafka", PubSubAdapter.class, () -> mock(PubSubAdapter.class))
			.run((context) -> {
				assertThat(context).hasFailed();
				FailureAnalysis analysis = analyze(context);
				assertThat(analysis.getDescription()).contains("has no name").contains("pubsub on kafka");
				assertThat(analysis.getAction()).contains("spring.application.name");
			});
	}

	@Test
	void remoteAdapterNeedsANamedAllocatorOfWorkerIds() {
		ClusterRunner.instance()
			.withPropertyValues("nocobase.cluster.pubsub.adapter=kafka")
			.withBean("kafka", PubSubAdapter.class, () -> mock(PubSubAdapter.class))
			.run((context) -> {
				assertThat(context).hasFailed();
				assertThat(analyze(context).getAction()).contains("nocobase.cluster.worker-id.allocator");
			});
		ClusterRunner.instance()
			.withPropertyValues("nocobase.cluster.pubsub.adapter=kafka", "nocobase.cluster.worker-id.allocator=local")
			.withBean("kafka", PubSubAdapter.class, () -> mock(PubSubAdapter.class))
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void adapterThatIsNotThereIsExplained() {
		ClusterRunner.instance().withPropertyValues("nocobase.cluster.queue.adapter=kafka").run((context) -> {
			assertThat(context).hasFailed();
			FailureAnalysis analysis = analyze(context);
			assertThat(analysis.getDescription())
				.isEqualTo("nocobase.cluster.queue.adapter is 'kafka', but there is no such adapter.");
			assertThat(analysis.getAction()).isEqualTo("Set the property to 'memory', or define a bean 'kafka' of type "
					+ "com.nocobase.cluster.queue.QueueAdapter.");
		});
	}

	@Test
	void libraryThatIsMissingIsNamed() {
		ClusterRunner.instance()
			.withClassLoader(new FilteredClassLoader("com.github.benmanes.caffeine"))
			.run((context) -> {
				assertThat(context).hasFailed();
				assertThat(analyze(context).getAction())
					.startsWith("Add com.github.ben-manes.caffeine:caffeine to the class path");
			});
	}

	@Test
	void optionalClassesThatAreNamedExist() {
		assertThat(
				ClassUtils.isPresent("org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration", null))
			.isTrue();
		assertThat(ClassUtils.isPresent("org.springframework.boot.cache.autoconfigure.CacheAutoConfiguration", null))
			.isTrue();
		assertThat(ClassUtils.isPresent(
				"org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration",
				null))
			.isTrue();
	}

	private static FailureAnalysis analyze(AssertableApplicationContext context) {
		Throwable failure = Objects.requireNonNull(context.getStartupFailure());
		return SpringFactoriesLoader.forDefaultResourceLocation()
			.load(FailureAnalyzer.class,
					SpringFactoriesLoader.FailureHandler
						.logging(LogFactory.getLog(ClusterAutoConfigurationTests.class)))
			.stream()
			.filter((analyzer) -> analyzer.getClass().getName().startsWith("com.nocobase."))
			.map((analyzer) -> analyzer.analyze(failure))
			.filter(Objects::nonNull)
			.findFirst()
			.orElseThrow();
	}

	@Configuration(proxyBeanMethods = false)
	@EnableScheduling
	static class Scheduling {

	}

	/** Asks for no executor in particular. */
	static class ExecutorUser {

		final AsyncTaskExecutor executor;

		ExecutorUser(AsyncTaskExecutor executor) {
			this.executor = executor;
		}

	}

	/** Asks for no scheduler in particular. */
	static class SchedulerUser {

		final TaskScheduler scheduler;

		SchedulerUser(TaskScheduler scheduler) {
			this.scheduler = scheduler;
		}

	}

	/** Uses all capabilities by annotations. */
	static class Annotated {

		@Locked(key = "key")
		void lock() {
		}

		@PubSubListener(channel = "channel")
		void pubsub(String message) {
		}

		@SyncListener(channel = "channel", resync = "resync")
		void sync(String message) {
		}

		void resync() {
		}

		@QueueListener(channel = "channel")
		void queue(String task) {
		}

	}

	/** Is done only when somebody subscribes. */
	static class ReturnsMono {

		@QueueListener(channel = "channel")
		Mono<Void> work(String task) {
			return Mono.empty();
		}

	}

	/** Is done later. */
	static class ReturnsFuture {

		@PubSubListener(channel = "channel")
		CompletableFuture<String> work(String message) {
			return new CompletableFuture<>();
		}

	}

	/** Cannot be told apart. */
	@MessageType(" ")
	record BlankType() {
	}

}
