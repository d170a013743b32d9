package com.nocobase.cluster;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.annotation.Order;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;
import reactor.core.publisher.Mono;

import com.nocobase.cluster.lock.LockOptions;
import com.nocobase.cluster.memory.MemoryBroker;
import com.nocobase.cluster.message.Instance;
import com.nocobase.cluster.message.SendState;
import com.nocobase.cluster.message.Subscription;
import com.nocobase.cluster.queue.TaskContext;
import com.nocobase.cluster.support.LifecycleStep;
import com.nocobase.cluster.sync.SyncException;
import com.nocobase.cluster.sync.SyncHandler;
import com.nocobase.cluster.sync.SyncMessage;
import com.nocobase.cluster.sync.SyncMessageManager;
import com.nocobase.cluster.sync.SyncOptions;
import com.nocobase.cluster.sync.SyncReceipt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

/**
 * The life of plugins, from the position taken before they load to the silence after they
 * unload.
 */
@ExtendWith(OutputCaptureExtension.class)
class PluginTests {

	private static final List<String> CALLS = new CopyOnWriteArrayList<>();

	private final MemoryBroker broker = new MemoryBroker();

	PluginTests() {
		CALLS.clear();
	}

	@Test
	void hooksRunForAllPluginsInOrderAndInReverseOnTheWayDown() {
		ClusterRunner.instance().withBean(Second.class).withBean(First.class).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(CALLS).containsExactly("first beforeLoad", "second beforeLoad", "first load", "second load");
			CALLS.clear();
			context.close();
			assertThat(CALLS).containsExactly("second unload", "first unload");
		});
	}

	@Test
	void hooksRunAgainAfterStopAndStart() {
		ClusterRunner.instance().withBean(First.class).run((context) -> {
			ConfigurableApplicationContext source = context.getSourceApplicationContext();
			source.stop();
			source.start();
			assertThat(CALLS).containsExactly("first beforeLoad", "first load", "first unload", "first beforeLoad",
					"first load");
		});
	}

	@Test
	void stoppedContextHasStoppedAllStepsWithoutWaitingForAnybody() {
		ClusterRunner.instance().withBean(First.class).run((context) -> {
			Instant before = Instant.now();
			context.getSourceApplicationContext().stop();
			assertThat(Duration.between(before, Instant.now())).isLessThan(Duration.ofSeconds(10));
			assertThat(context.getBeansOfType(LifecycleStep.class).values()).isNotEmpty()
				.noneMatch(LifecycleStep::isRunning);
		});
	}

	@Test
	void messageWhoseHandlerLeavesItsThreadInterruptedIsHandledAgain() {
		clustered(Schema.class).run((first) -> clustered(Interrupted.class).run((second) -> {
			first.getBean(ClusterApp.class).syncMessageManager().publish("interrupted", "now");
			await().untilAsserted(() -> assertThat(CALLS).containsExactly("interrupted", "handled"));
		}));
	}

	@Test
	void hookThatThrowsStopsTheStartAndUnloadsWhatWasLoaded() {
		ClusterRunner.instance().withBean(First.class).withBean(Failing.class).run((context) -> {
			assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(IllegalArgumentException.class)
				.hasMessage("no table");
			assertThat(context).getFailure().hasStackTraceContaining("load of plugin 'failing'");
			assertThat(CALLS).contains("first load", "first unload");
		});
	}

	@Test
	void hookThatNeverReturnsStopsTheStartAfterItsTimeout() {
		ClusterRunner.instance()
			.withBean(Hanging.class)
			.withPropertyValues("nocobase.cluster.plugin.timeout=200ms")
			.run((context) -> assertThat(context).getFailure()
				.hasStackTraceContaining("load of plugin 'hanging'")
				.hasStackTraceContaining("was not done within PT0.2S"));
	}

	@ParameterizedTest
	@ValueSource(classes = { TimeoutException.class, InterruptedException.class })
	void timeoutOrInterruptOfTheHookItselfIsAFailureOfTheHook(Class<? extends Exception> type) {
		ClusterRunner.instance()
			.withBean(First.class)
			.withBean(Throwing.class, () -> new Throwing(type))
			.run((context) -> {
				assertThat(context).getFailure()
					.rootCause()
					.isInstanceOf(type)
					.hasMessage("no answer from the database");
				assertThat(context).getFailure()
					.hasStackTraceContaining("load of plugin 'throwing'")
					.hasStackTraceContaining("failed: " + type.getName() + ": no answer from the database");
				assertThat(Thread.interrupted()).isFalse();
				assertThat(CALLS).contains("first load", "first unload");
			});
	}

	@ParameterizedTest
	@ValueSource(classes = { TimeoutException.class, InterruptedException.class })
	void timeoutOrInterruptOfAnUnloadItselfStopsNoOther(Class<? extends Exception> type, CapturedOutput output) {
		ClusterRunner.instance()
			.withBean(First.class)
			.withBean(ThrowingUnload.class, () -> new ThrowingUnload(type))
			.run((context) -> {
				context.close();
				assertThat(Thread.interrupted()).isFalse();
				assertThat(CALLS).contains("first unload");
				assertThat(output).contains("Plugin 'throwing-unload' did not unload; going on")
					.contains(type.getName() + ": no answer from the database");
			});
	}

	@Test
	void unloadThatNeverReturnsCostsItsTimeoutAndNoMore() {
		ClusterRunner.instance()
			.withBean(First.class)
			.withBean(HangingUnload.class)
			.withPropertyValues("nocobase.cluster.plugin.unload-timeout=200ms")
			.run((context) -> {
				Instant before = Instant.now();
				context.close();
				assertThat(Duration.between(before, Instant.now())).isLessThan(Duration.ofSeconds(10));
				assertThat(CALLS).contains("first unload");
			});
	}

	@Test
	void twoPluginsWithOneNameStopTheStart() {
		ClusterRunner.instance()
			.withBean("one", First.class)
			.withBean("two", First.class)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(PluginException.class)
				.hasMessageContaining("Two plugins have the name 'first'"));
	}

	@Test
	void pluginNeedsAName() {
		ClusterRunner.instance().run((context) -> {
			ClusterApp app = context.getBean(ClusterApp.class);
			assertThatIllegalArgumentException().isThrownBy(() -> new Plugin(" ", app))
				.withMessage("plugin name must not be blank");
			assertThatIllegalArgumentException().isThrownBy(() -> new Plugin("x".repeat(10_000), app))
				.withMessageContaining("at most 200");
		});
	}

	@Test
	void transactionalPluginIsCalledThroughItsProxy() {
		ClusterRunner.instance()
			.withConfiguration(AutoConfigurations.of(DataSourceAutoConfiguration.class,
					DataSourceTransactionManagerAutoConfiguration.class, TransactionAutoConfiguration.class))
			.withPropertyValues("spring.datasource.generate-unique-name=true")
			.withBean(TransactionalPlugin.class)
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(CALLS).containsExactly("load in transaction: true, name transactional");
			});
	}

	@Test
	void reactiveTransactionsAreRefused() {
		ClusterRunner.instance()
			.withBean(ReactivePlugin.class)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("ReactivePlugin.change runs in a reactive transaction"));
	}

	@Test
	void syncMessageReachesThePluginOnTheOtherInstancesAlone() {
		clustered(Schema.class).run((first) -> clustered(Schema.class).run((second) -> {
			first.getBean(Schema.class).sendSyncMessage(new FieldRemoved("orders", "price"));
			await().untilAsserted(() -> assertThat(second.getBean(Schema.class).seen)
				.containsExactly(new FieldRemoved("orders", "price")));
			assertThat(first.getBean(Schema.class).seen).isEmpty();
		}));
	}

	@Test
	void syncMessageLeavesAfterTheCommitAndNeverAfterARollback() {
		clustered(Schema.class)
			.withConfiguration(AutoConfigurations.of(DataSourceAutoConfiguration.class,
					DataSourceTransactionManagerAutoConfiguration.class, TransactionAutoConfiguration.class))
			.withPropertyValues("spring.datasource.generate-unique-name=true")
			.run((first) -> clustered(Schema.class).run((second) -> {
				TransactionTemplate transaction = first.getBean(TransactionTemplate.class);
				Schema schema = first.getBean(Schema.class);
				SyncReceipt rolledBack = transaction.execute((status) -> {
					status.setRollbackOnly();
					return schema.sendSyncMessage(new FieldRemoved("orders", "never"));
				});
				SyncReceipt committed = transaction.execute((status) -> {
					SyncReceipt receipt = schema.sendSyncMessage(new FieldRemoved("orders", "price"));
					assertThat(receipt.state()).isEqualTo(SendState.PENDING);
					return receipt;
				});
				assertThat(rolledBack).extracting(SyncReceipt::state).isEqualTo(SendState.NOT_SENT);
				assertThat(committed).extracting(SyncReceipt::state).isEqualTo(SendState.SENT);
				await().untilAsserted(() -> assertThat(second.getBean(Schema.class).seen)
					.containsExactly(new FieldRemoved("orders", "price")));
			}));
	}

	@Test
	void messageSentWhileAnotherInstanceLoadsIsHandledAfterItsLoad() {
		clustered(Schema.class).run((first) -> {
			Schema sender = first.getBean(Schema.class);
			clustered(Schema.class)
				.withBean("loader", SlowLoader.class,
						() -> new SlowLoader(() -> sender.sendSyncMessage(new FieldRemoved("orders", "price"))))
				.run((second) -> await().untilAsserted(() -> {
					assertThat(second.getBean(Schema.class).seen).hasSize(1);
					assertThat(CALLS).containsExactly("loader done", "schema handles");
				}));
		});
	}

	@Test
	void pluginThatHandlesNothingIsNotSubscribedAndOthersAreOnceAfterARestart() {
		RecordingSync sync = new RecordingSync();
		ClusterRunner.instance()
			.withBean(SyncMessageManager.class, () -> sync)
			.withBean(First.class)
			.withBean(Schema.class)
			.run((context) -> {
				assertThat(sync.subscribed).containsExactly("schema");
				ConfigurableApplicationContext source = context.getSourceApplicationContext();
				source.stop();
				assertThat(sync.subscribed).isEmpty();
				source.start();
				assertThat(sync.subscribed).containsExactly("schema");
			});
	}

	@Test
	void pluginWithoutResyncIsWarnedAbout(CapturedOutput output) {
		ClusterRunner.instance()
			.withBean(Schema.class)
			.run((context) -> assertThat(output).contains("Plugin 'schema' handles sync messages but has no resync()"));
	}

	@Test
	void taskPublishedInLoadIsWorkedOnOnlyAfterTheStart() {
		ClusterRunner.instance().withBean(Publishing.class).withBean(Second.class).run((context) -> {
			await().untilAsserted(() -> assertThat(CALLS).contains("worked"));
			assertThat(CALLS).containsSubsequence("second load", "worked");
		});
	}

	@Test
	void runningTaskEndsAndLocksWorkOnTheWayDownAndNothingIsDeliveredAfterwards() {
		ClusterRunner.instance(this.broker)
			.run((other) -> ClusterRunner.instance(this.broker).withBean(LastWords.class).run((context) -> {
				LastWords plugin = context.getBean(LastWords.class);
				context.getBean(ClusterApp.class).eventQueue().publish("last-words", "go");
				await().untilAsserted(() -> assertThat(CALLS).contains("task begins"));
				context.close();
				assertThat(CALLS).containsExactly("task begins", "task ends", "unload with lock");
				other.getBean(ClusterApp.class).pubSubManager().publish("last-words", "anyone?");
				assertThat(CALLS).doesNotContain("heard");
				assertThat(plugin).isNotNull();
			}));
	}

	@Test
	void capabilityThatIsSwitchedOffIsNamed() {
		ClusterRunner.instance()
			.withPropertyValues("nocobase.cluster.cache.enabled=false")
			.run((context) -> assertThatIllegalStateException()
				.isThrownBy(() -> context.getBean(ClusterApp.class).cache())
				.withMessage("There is no ClusterCacheManager: nocobase.cluster.cache.enabled is false"));
	}

	private ApplicationContextRunner clustered(Class<? extends Plugin> plugin) {
		return ClusterRunner.instance(this.broker).withBean(plugin);
	}

	/** Knows who is subscribed. */
	static class RecordingSync implements SyncMessageManager {

		final List<String> subscribed = new CopyOnWriteArrayList<>();

		@Override
		public Subscription subscribe(String channel, SyncOptions options, SyncHandler handler) {
			this.subscribed.add(channel);
			return () -> this.subscribed.remove(channel);
		}

		@Override
		public SyncReceipt publish(String channel, Object message, boolean skipSelf) {
			throw new SyncException("Only subscribes", null);
		}

	}

	/**
	 * A message of a plugin.
	 *
	 * @param collection the collection
	 * @param field the field
	 */
	record FieldRemoved(String collection, String field) {
	}

	/** Writes down its hooks. */
	static class Recording extends Plugin {

		Recording(String name, ClusterApp app) {
			super(name, app);
		}

		@Override
		public void beforeLoad() {
			CALLS.add(name() + " beforeLoad");
		}

		@Override
		public void load() {
			CALLS.add(name() + " load");
		}

		@Override
		public void unload() {
			CALLS.add(name() + " unload");
		}

	}

	@Order(1)
	static class First extends Recording {

		First(ClusterApp app) {
			super("first", app);
		}

	}

	@Order(2)
	static class Second extends Recording {

		Second(ClusterApp app) {
			super("second", app);
		}

	}

	@Order(3)
	static class Failing extends Plugin {

		Failing(ClusterApp app) {
			super("failing", app);
		}

		@Override
		public void load() {
			throw new IllegalArgumentException("no table");
		}

	}

	static class Hanging extends Plugin {

		Hanging(ClusterApp app) {
			super("hanging", app);
		}

		@Override
		public void load() throws Exception {
			new CountDownLatch(1).await();
		}

	}

	@Order(4)
	static class Throwing extends Plugin {

		private final Class<? extends Exception> type;

		Throwing(Class<? extends Exception> type) {
			super("throwing", new DefaultClusterApp(new Instance("crm", "unused"), new StaticListableBeanFactory()));
			this.type = type;
		}

		@Override
		public void load() throws Exception {
			throw this.type.getConstructor(String.class).newInstance("no answer from the database");
		}

	}

	@Order(5)
	static class ThrowingUnload extends Plugin {

		private final Class<? extends Exception> type;

		ThrowingUnload(Class<? extends Exception> type) {
			super("throwing-unload",
					new DefaultClusterApp(new Instance("crm", "unused"), new StaticListableBeanFactory()));
			this.type = type;
		}

		@Override
		public void unload() throws Exception {
			throw this.type.getConstructor(String.class).newInstance("no answer from the database");
		}

	}

	static class HangingUnload extends Plugin {

		HangingUnload(ClusterApp app) {
			super("hanging-unload", app);
		}

		@Override
		public void unload() throws Exception {
			new CountDownLatch(1).await();
		}

	}

	static class TransactionalPlugin extends Plugin {

		TransactionalPlugin(ClusterApp app) {
			super("transactional", app);
		}

		@Override
		@Transactional
		public void load() {
			CALLS.add("load in transaction: " + TransactionSynchronizationManager.isActualTransactionActive()
					+ ", name " + name());
		}

	}

	static class ReactivePlugin extends Plugin {

		ReactivePlugin(ClusterApp app) {
			super("reactive", app);
		}

		@Transactional
		Mono<String> change() {
			return Mono.empty();
		}

	}

	static class Schema extends Plugin {

		final List<FieldRemoved> seen = new CopyOnWriteArrayList<>();

		Schema(ClusterApp app) {
			super("schema", app);
		}

		@Override
		public void handleSyncMessage(SyncMessage message) {
			CALLS.add("schema handles");
			this.seen.add(message.as(FieldRemoved.class));
		}

	}

	static class SlowLoader extends Plugin {

		private final Runnable meanwhile;

		SlowLoader(Runnable meanwhile) {
			super("loader", new DefaultClusterApp(new Instance("crm", "unused"), new StaticListableBeanFactory()));
			this.meanwhile = meanwhile;
		}

		@Override
		public void load() {
			this.meanwhile.run();
			CALLS.add("loader done");
		}

	}

	static class Interrupted extends Plugin {

		Interrupted(ClusterApp app) {
			super("interrupted", app);
		}

		@Override
		public void handleSyncMessage(SyncMessage message) {
			if (CALLS.isEmpty()) {
				CALLS.add("interrupted");
				Thread.currentThread().interrupt();
				throw new IllegalStateException("was interrupted");
			}
			CALLS.add("handled");
		}

	}

	@Order(1)
	static class Publishing extends Plugin {

		Publishing(ClusterApp app) {
			super("publishing", app);
		}

		@Override
		public void load() {
			app().eventQueue().subscribe("work", String.class, (task, context) -> CALLS.add("worked"));
			app().eventQueue().publish("work", "now");
		}

	}

	static class LastWords extends Plugin {

		LastWords(ClusterApp app) {
			super("last-words", app);
		}

		@Override
		public void load() {
			app().eventQueue().subscribe("last-words", String.class, this::work);
			Consumer<String> heard = (message) -> CALLS.add("heard");
			app().pubSubManager().subscribe("last-words", String.class, heard::accept);
		}

		private void work(String task, TaskContext context) {
			CALLS.add("task begins");
			CountDownLatch over = new CountDownLatch(1);
			try {
				over.await(300, TimeUnit.MILLISECONDS);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
			CALLS.add("task ends");
		}

		@Override
		public void unload() {
			app().lockManager().runExclusive("last-words", LockOptions.DEFAULTS, () -> CALLS.add("unload with lock"));
		}

	}

}
