package com.nocobase.cluster.sync;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.util.unit.DataSize;
import tools.jackson.databind.json.JsonMapper;

import com.nocobase.cluster.message.Envelope;
import com.nocobase.cluster.message.Instance;
import com.nocobase.cluster.message.JsonCodec;
import com.nocobase.cluster.message.MessageCodec;
import com.nocobase.cluster.message.SendReceipt;
import com.nocobase.cluster.message.SendState;
import com.nocobase.cluster.support.CapabilityHealth;
import com.nocobase.cluster.support.RefusingExecutor;
import com.nocobase.cluster.support.SignalCounts;
import com.nocobase.cluster.support.TestCluster;
import com.nocobase.cluster.tx.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * The manager on an adapter of an application's own, which can fail.
 */
class ClusterSyncTests {

	private static final Duration LONG = Duration.ofSeconds(20);

	private final TestCluster cluster = TestCluster.inMemory("nocobase.cluster.sync.adapter=custom",
			"nocobase.cluster.sync.debounce=0s");

	private final CustomLog log = new CustomLog();

	private final MessageCodec stranger = codec("stranger");

	@AfterEach
	void closeCluster() {
		this.cluster.close();
	}

	@Test
	void whatCannotBeReadLeadsToAResync() {
		ConfigurableApplicationContext context = start();
		List<String> events = new CopyOnWriteArrayList<>();
		subscribe(context, events);
		Envelope newer = new Envelope(Envelope.VERSION + 1, "id", "string", "stranger", Instant.EPOCH, Map.of(),
				"\"x\"".getBytes(StandardCharsets.UTF_8));

		this.log.receive("garbage".getBytes(StandardCharsets.UTF_8));
		TestCluster.eventually(() -> assertThat(events).containsExactly("resync"));
		this.log.receive(this.stranger.encode(newer));
		TestCluster.eventually(() -> assertThat(events).containsExactly("resync", "resync"));
		this.log.receive(frame("good"));

		TestCluster.eventually(() -> assertThat(events).containsExactly("resync", "resync", "good"));
		assertThat(context.getBean(SignalCounts.class).of("sync.skipped")).isEqualTo(2);
	}

	@Test
	void subscriptionWithoutThreadHandsOverWhatCameWhenThereIsOne() {
		RefusingExecutor executor = new RefusingExecutor();
		ConfigurableApplicationContext context = this.cluster.start((beans) -> {
			executor.register(beans);
			beans.registerBean("custom", SyncAdapter.class, () -> this.log);
		});
		List<String> events = new CopyOnWriteArrayList<>();
		subscribe(context, events);
		executor.refuse(true);
		this.log.receive(frame("one"));
		this.log.receive(frame("two"));
		assertThat(executor.refused()).isPositive();
		assertThat(events).isEmpty();

		executor.refuse(false);

		TestCluster.eventually(() -> assertThat(events).containsExactly("one", "two"));
		this.log.receive(frame("three"));
		TestCluster.eventually(() -> assertThat(events).containsExactly("one", "two", "three"));
	}

	@Test
	void gapInTheLogLeadsToOneResync() {
		ConfigurableApplicationContext context = start();
		List<String> events = new CopyOnWriteArrayList<>();
		subscribe(context, events);

		this.log.inbox().missed(new SyncPosition(100, 3));
		this.log.receive(frame("one"));

		TestCluster.eventually(() -> assertThat(events).containsExactly("resync", "one"));
		TestCluster.eventually(() -> assertThat(health(context).up()).isTrue());
	}

	@Test
	void positionsOfAServerThatLostItsDataCountFromTheBeginning() throws InterruptedException {
		ConfigurableApplicationContext context = start();
		List<SyncAnswer> answers = new CopyOnWriteArrayList<>();
		this.log.told = (instance, message) -> answers
			.add(this.stranger.read(this.stranger.decode(message), SyncAnswer.class));
		CountDownLatch begun = new CountDownLatch(1);
		CountDownLatch goOn = new CountDownLatch(1);
		List<String> handled = new CopyOnWriteArrayList<>();
		manager(context).subscribe("schema", SyncOptions.DEFAULTS.withResync(() -> {
			begun.countDown();
			awaitUnlessInterrupted(goOn);
		}), (message) -> handled.add(message.as(String.class)));
		for (int i = 0; i < 5; i++) {
			this.log.receive(frame("before " + i));
		}
		TestCluster.eventually(() -> assertThat(handled).hasSize(5));

		this.log.inbox().missed(SyncPosition.START);
		this.log.last.set(0);
		assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
		this.log.receive(frame("after"));
		ask(new SyncQuestion("q1", "schema", new SyncPosition(1, 0), 60_000));
		ask(new SyncQuestion("q2", "nobody", new SyncPosition(1, 0), 60_000));
		TestCluster.eventually(() -> assertThat(answers).containsExactly(new SyncAnswer("q2", false)));
		goOn.countDown();

		TestCluster.eventually(() -> assertThat(answers).contains(new SyncAnswer("q1", true)));
		assertThat(handled).endsWith("after");
	}

	@Test
	void lostConnectionIsSeenInHealth() {
		ConfigurableApplicationContext context = start();

		this.log.inbox().lost();
		assertThat(health(context).up()).isFalse();
		assertThat(health(context).details()).containsEntry("connected", false).containsEntry("adapter", "custom");
		this.log.inbox().restored();

		assertThat(health(context).up()).isTrue();
	}

	@Test
	void subscriberThatAnswersOnlyWhenAskedAgainIsWaitedFor() {
		ConfigurableApplicationContext context = start();
		ConfigurableApplicationContext other = this.cluster.start(
				(bean) -> bean.registerBean("custom", SyncAdapter.class, () -> new CustomLog()),
				"nocobase.cluster.instance-id=other");
		assertThat(other.isRunning()).isTrue();
		AtomicInteger asked = new AtomicInteger();
		this.log.told = (instance, message) -> {
			assertThat(instance).isEqualTo("other");
			if (asked.incrementAndGet() > 1) {
				MessageCodec answering = codec("other");
				SyncQuestion question = answering.read(answering.decode(message), SyncQuestion.class);
				this.log.inbox().told(answering.encode(answering.wrap(new SyncAnswer(question.id(), true), Map.of())));
			}
		};

		SyncApplied applied = manager(context).publish("schema", "one").awaitApplied(LONG);

		assertThat(applied.applied()).containsExactly("other");
		assertThat(asked).hasValue(2);
	}

	@Test
	void questionOfAnotherInstanceIsAnsweredWhenTheMessageIsHandled() {
		ConfigurableApplicationContext context = start();
		List<SyncAnswer> answers = new CopyOnWriteArrayList<>();
		this.log.told = (instance, message) -> answers
			.add(this.stranger.read(this.stranger.decode(message), SyncAnswer.class));
		List<String> events = new CopyOnWriteArrayList<>();
		subscribe(context, events);

		this.log.inbox().told("garbage".getBytes(StandardCharsets.UTF_8));
		ask(new SyncQuestion("q1", "schema", new SyncPosition(1, 0), 60_000));
		ask(new SyncQuestion("q2", "nobody", new SyncPosition(1, 0), 60_000));
		TestCluster.eventually(() -> assertThat(answers).containsExactly(new SyncAnswer("q2", false)));
		this.log.receive(frame("one"));

		TestCluster.eventually(() -> assertThat(answers).contains(new SyncAnswer("q1", true)));
		assertThat(events).containsExactly("one");
	}

	@Test
	void sendThatFailsAfterTheCommitIsSentAgainInOrder() {
		ConfigurableApplicationContext context = start();
		List<SendReceipt> receipts = new ArrayList<>();
		this.log.failure = new IllegalStateException("server away");
		assertThatExceptionOfType(SyncException.class).isThrownBy(() -> manager(context).publish("schema", "zero"))
			.withMessageContaining("'schema'");

		new TestDatabase().inTransaction((status) -> {
			receipts.add(manager(context).publish("schema", "one"));
			receipts.add(manager(context).publish("schema", "two"));
		});
		assertThat(health(context).up()).isFalse();
		assertThat(health(context).details()).containsEntry("waitingToBeSent", 2);
		this.log.failure = null;

		TestCluster.eventually(() -> assertThat(receipts).extracting(SendReceipt::state).containsOnly(SendState.SENT));
		assertThat(this.log.sent).satisfiesExactly((first) -> assertThat(first).endsWith("\"one\""),
				(second) -> assertThat(second).endsWith("\"two\""));
	}

	@Test
	void whatIsNotSentAtTheStopFails() {
		ConfigurableApplicationContext context = start();
		List<SyncReceipt> receipts = new ArrayList<>();
		this.log.failure = new IllegalStateException("server away");
		new TestDatabase().inTransaction((status) -> receipts.add(manager(context).publish("schema", "one")));

		context.stop();

		assertThat(receipts.get(0).state()).isEqualTo(SendState.FAILED);
		assertThat(receipts.get(0).failure()).isNotNull();
		assertThat(context.getBean(SignalCounts.class).of("sync.unsent")).isEqualTo(1);
		assertThat(receipts.get(0).awaitApplied(LONG).isComplete()).isTrue();
	}

	@Test
	void waitingNeedsMembers() {
		ConfigurableApplicationContext context = this.cluster.start(
				(bean) -> bean.registerBean("custom", SyncAdapter.class, () -> this.log),
				"nocobase.cluster.members.enabled=false");
		SyncReceipt receipt = manager(context).publish("schema", "one");

		assertThatIllegalStateException().isThrownBy(() -> receipt.awaitApplied(LONG))
			.withMessageContaining("nocobase.cluster.members.enabled");
	}

	private static void awaitUnlessInterrupted(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private ConfigurableApplicationContext start() {
		return this.cluster.start((context) -> context.registerBean("custom", SyncAdapter.class, () -> this.log));
	}

	private static SyncMessageManager manager(ConfigurableApplicationContext context) {
		return context.getBean(SyncMessageManager.class);
	}

	private static void subscribe(ConfigurableApplicationContext context, List<String> events) {
		manager(context).subscribe("schema", SyncOptions.DEFAULTS.withResync(() -> events.add("resync")),
				(message) -> events.add(message.as(String.class)));
	}

	private void ask(SyncQuestion question) {
		this.log.inbox().told(this.stranger.encode(this.stranger.wrap(question, Map.of())));
	}

	private byte[] frame(Object message) {
		return this.stranger.encode(this.stranger.wrap(message, Map.of()));
	}

	private static MessageCodec codec(String instance) {
		return new MessageCodec(new JsonCodec(JsonMapper.builder().build(), DataSize.ofMegabytes(5)),
				new Instance("test", instance), Clock.systemUTC());
	}

	private static CapabilityHealth health(ConfigurableApplicationContext context) {
		return context.getBean(ClusterSync.class).health();
	}

	private interface Told {

		void told(String instanceId, byte[] message);

	}

	private static final class CustomLog implements SyncAdapter {

		private final AtomicReference<@Nullable SyncInbox> inbox = new AtomicReference<>();

		private final AtomicLong last = new AtomicLong();

		private final List<String> sent = new CopyOnWriteArrayList<>();

		private volatile Told told = (instance, message) -> {
		};

		private volatile @Nullable RuntimeException failure;

		SyncInbox inbox() {
			return Objects.requireNonNull(this.inbox.get());
		}

		void receive(byte[] message) {
			inbox().received("schema", new SyncPosition(this.last.incrementAndGet(), 0), message);
		}

		@Override
		public SyncConnection connect(SyncInbox inbox) {
			this.inbox.set(inbox);
			return new SyncConnection() {

				@Override
				public SyncPosition position() {
					return SyncPosition.START;
				}

				@Override
				public void read() {
				}

				@Override
				public SyncPosition send(String channel, byte[] message) {
					RuntimeException thrown = CustomLog.this.failure;
					if (thrown != null) {
						throw thrown;
					}
					CustomLog.this.sent.add(new String(message, StandardCharsets.UTF_8));
					return new SyncPosition(CustomLog.this.last.incrementAndGet(), 0);
				}

				@Override
				public void tell(String instanceId, byte[] message) {
					CustomLog.this.told.told(instanceId, message);
				}

				@Override
				public void close() {
				}

			};
		}

	}

}
