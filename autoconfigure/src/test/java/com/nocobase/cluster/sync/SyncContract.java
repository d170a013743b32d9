package com.nocobase.cluster.sync;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.ConfigurableApplicationContext;

import com.nocobase.cluster.message.Instance;
import com.nocobase.cluster.message.PayloadException;
import com.nocobase.cluster.message.PayloadTooLargeException;
import com.nocobase.cluster.message.SendState;
import com.nocobase.cluster.message.Subscription;
import com.nocobase.cluster.support.Capability;
import com.nocobase.cluster.support.CapabilityHealth;
import com.nocobase.cluster.support.ClusterPhases;
import com.nocobase.cluster.support.LifecycleStep;
import com.nocobase.cluster.support.SignalCounts;
import com.nocobase.cluster.support.TestCluster;
import com.nocobase.cluster.tx.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * What sync messages promise on every adapter.
 */
@SuppressWarnings("resource") // closed with the cluster
public abstract class SyncContract {

	private static final Duration LONG = Duration.ofSeconds(20);

	private static final String NO_DEBOUNCE = "nocobase.cluster.sync.debounce=0s";

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
	void everyOtherInstanceAppliesTheMessage(int count) {
		SyncMessageManager publisher = start(NO_DEBOUNCE);
		List<String> own = listen(publisher, "schema");
		List<List<String>> others = new ArrayList<>();
		for (int i = 1; i < count; i++) {
			others.add(listen(start(NO_DEBOUNCE), "schema"));
		}

		SyncReceipt receipt = publisher.publish("schema", "one");
		publisher.publish("schema", "end", false);

		assertThat(receipt.state()).isEqualTo(SendState.SENT);
		for (List<String> other : others) {
			TestCluster.eventually(() -> assertThat(other).containsExactly("one", "end"));
		}
		TestCluster.eventually(() -> assertThat(own).containsExactly("end"));
	}

	@Test
	void messageTellsItsTypeSenderAndTime() {
		ConfigurableApplicationContext sender = this.cluster.start(NO_DEBOUNCE);
		List<SyncMessage> received = new CopyOnWriteArrayList<>();
		start(NO_DEBOUNCE).subscribe("schema", SyncOptions.DEFAULTS, received::add);

		sender.getBean(SyncMessageManager.class).publish("schema", new FieldRemoved("users", "name"));

		TestCluster.eventually(() -> assertThat(received).hasSize(1));
		SyncMessage message = received.get(0);
		assertThat(message.type()).isEqualTo("field-removed");
		assertThat(message.channel()).isEqualTo("schema");
		assertThat(message.sender()).isEqualTo(sender.getBean(Instance.class).id());
		assertThat(message.sentAt()).isNotNull();
		assertThat(message.is(FieldRemoved.class)).isTrue();
		assertThat(message.is(String.class)).isFalse();
		assertThat(message.as(FieldRemoved.class)).isEqualTo(new FieldRemoved("users", "name"));
		assertThat(message.as(Object.class)).isEqualTo(Map.of("collection", "users", "field", "name"));
		assertThatExceptionOfType(PayloadException.class).isThrownBy(() -> message.as(String.class));
	}

	@Test
	void messagesOfAChannelStayInOrder() {
		SyncMessageManager publisher = start();
		List<String> received = listen(start(NO_DEBOUNCE), "schema");
		List<String> sent = IntStream.range(0, 1_000).mapToObj(String::valueOf).toList();

		sent.forEach((text) -> publisher.publish("schema", text));

		TestCluster.eventually(() -> assertThat(received).isEqualTo(sent));
	}

	@Test
	void applicationsOnOneServerDoNotMeet() {
		SyncMessageManager publisher = start(NO_DEBOUNCE);
		SyncMessageManager stranger = start(NO_DEBOUNCE, "nocobase.cluster.name=other");
		List<String> received = listen(stranger, "schema");

		publisher.publish("schema", "not for you");
		stranger.publish("schema", "end", false);

		TestCluster.eventually(() -> assertThat(received).containsExactly("end"));
	}

	/** P6: no debounce is possible, for all and for one subscription. */
	@Test
	void debounceCanBeZero() {
		SyncMessageManager publisher = start();
		ConfigurableApplicationContext context = this.cluster.start("nocobase.cluster.sync.debounce=10m");
		List<String> received = new CopyOnWriteArrayList<>();
		context.getBean(SyncMessageManager.class)
			.subscribe("schema", SyncOptions.DEFAULTS.withDebounce(Duration.ZERO), reading(received));

		publisher.publish("schema", "A");
		publisher.publish("schema", "A");

		TestCluster.eventually(() -> assertThat(received).containsExactly("A", "A"));
	}

	/** P3, P4: each subscription has a window of its own, and the last state wins. */
	@Test
	void windowHandlesDistinctMessagesInOrderOfTheirLastOccurrence() {
		SyncMessageManager publisher = start();
		SyncMessageManager receiver = start();
		List<String> first = listen(receiver, "schema");
		List<String> second = listen(receiver, "schema");

		for (int i = 0; i < 20; i++) {
			publisher.publish("schema", "A");
			publisher.publish("schema", "B");
			publisher.publish("schema", "A");
		}

		TestCluster.eventually(() -> assertThat(first).containsExactly("B", "A"));
		TestCluster.eventually(() -> assertThat(second).containsExactly("B", "A"));
	}

	@Test
	void changeDuringTheStartIsHandledAfterLoading() {
		SyncMessageManager publisher = start();
		List<String> events = new CopyOnWriteArrayList<>();

		this.cluster.start((context) -> context.registerBean("plugin", LifecycleStep.class, () -> loading(() -> {
			publisher.publish("schema", "while loading");
			context.getBean(SyncMessageManager.class).subscribe("schema", SyncOptions.DEFAULTS, reading(events));
			events.add("loaded");
		})), NO_DEBOUNCE);
		publisher.publish("schema", "later");

		TestCluster.eventually(() -> assertThat(events).containsExactly("loaded", "while loading", "later"));
	}

	@Test
	void changeBeforeTheStartIsNotHandled() {
		SyncMessageManager publisher = start();
		publisher.publish("schema", "long ago");
		List<String> received = listen(start(NO_DEBOUNCE), "schema");

		publisher.publish("schema", "one");

		TestCluster.eventually(() -> assertThat(received).containsExactly("one"));
	}

	@Test
	void fallingBehindTheLogLeadsToOneResync() {
		SyncMessageManager publisher = start();
		List<String> events = new CopyOnWriteArrayList<>();

		this.cluster.start((context) -> context.registerBean("plugin", LifecycleStep.class, () -> loading(() -> {
			context.getBean(SyncMessageManager.class)
				.subscribe("schema", SyncOptions.DEFAULTS.withResync(() -> events.add("resync")), reading(events));
			IntStream.range(0, 15).forEach((number) -> publisher.publish("schema", "lost " + number));
		})), NO_DEBOUNCE, "nocobase.cluster.sync.backlog=10");
		TestCluster.eventually(() -> assertThat(events).startsWith("resync"));
		publisher.publish("schema", "end");

		TestCluster.eventually(() -> assertThat(events).endsWith("end"));
		assertThat(events).containsOnlyOnce("resync").doesNotContain("lost 0");
	}

	@Test
	void handlerThatThrowsIsCalledAgainWithTheSameMessage() {
		SyncMessageManager publisher = start();
		ConfigurableApplicationContext context = this.cluster.start(NO_DEBOUNCE);
		List<String> events = new CopyOnWriteArrayList<>();
		AtomicInteger calls = new AtomicInteger();
		List<String> neighbour = listen(context.getBean(SyncMessageManager.class), "schema");
		context.getBean(SyncMessageManager.class)
			.subscribe("schema", SyncOptions.DEFAULTS.withResync(() -> events.add("resync")), (message) -> {
				if (calls.incrementAndGet() <= 3) {
					throw new NoSuchFieldException("expected by the test");
				}
				events.add(message.as(String.class));
			});

		publisher.publish("schema", "one");
		publisher.publish("schema", "two");

		TestCluster.eventually(() -> assertThat(events).containsExactly("one", "two"));
		assertThat(neighbour).containsExactly("one", "two");
		assertThat(context.getBean(SignalCounts.class).of("sync.failed")).isEqualTo(3);
	}

	@Test
	void messageThatCannotBeHandledIsReplacedByAResync() {
		SyncMessageManager publisher = start();
		List<String> events = new CopyOnWriteArrayList<>();
		start(NO_DEBOUNCE, "nocobase.cluster.sync.retries=1").subscribe("schema",
				SyncOptions.DEFAULTS.withResync(() -> events.add("resync")), (message) -> {
					events.add(message.as(String.class));
					if (message.as(String.class).equals("bad")) {
						throw new AssertionError("expected by the test");
					}
				});

		publisher.publish("schema", "one");
		publisher.publish("schema", "bad");
		TestCluster.eventually(() -> assertThat(events).containsExactly("one", "bad", "bad", "resync"));
		publisher.publish("schema", "two");

		TestCluster.eventually(() -> assertThat(events).containsExactly("one", "bad", "bad", "resync", "two"));
	}

	@Test
	void resyncNeverRunsBesideAMessageAndIsCalledUntilItSucceeds() {
		SyncMessageManager publisher = start();
		ConfigurableApplicationContext context = this.cluster.start(NO_DEBOUNCE, "nocobase.cluster.sync.retries=0");
		AtomicInteger inside = new AtomicInteger();
		AtomicInteger most = new AtomicInteger();
		AtomicInteger resyncs = new AtomicInteger();
		CountDownLatch failedTwice = new CountDownLatch(2);
		List<String> handled = new CopyOnWriteArrayList<>();
		Runnable resync = () -> {
			most.accumulateAndGet(inside.incrementAndGet(), Math::max);
			failedTwice.countDown();
			try {
				if (resyncs.incrementAndGet() <= 2) {
					throw new IllegalStateException("expected by the test");
				}
			}
			finally {
				inside.decrementAndGet();
			}
		};
		context.getBean(SyncMessageManager.class)
			.subscribe("schema", SyncOptions.DEFAULTS.withResync(resync), (message) -> {
				most.accumulateAndGet(inside.incrementAndGet(), Math::max);
				inside.decrementAndGet();
				if (message.as(String.class).equals("bad")) {
					throw new IllegalStateException("expected by the test");
				}
				handled.add(message.as(String.class));
			});

		publisher.publish("schema", "bad");
		TestCluster.eventually(() -> assertThat(health(context).up()).isFalse());
		IntStream.range(0, 100).forEach((i) -> publisher.publish("schema", "m" + i));
		publisher.publish("schema", "end");

		TestCluster.eventually(() -> assertThat(handled).endsWith("end"));
		assertThat(resyncs).hasValue(3);
		assertThat(most).hasValue(1);
		TestCluster.eventually(() -> assertThat(health(context).up()).isTrue());
	}

	@Test
	void overflowLeadsToAResync() throws InterruptedException {
		SyncMessageManager publisher = start();
		ConfigurableApplicationContext context = this.cluster.start(NO_DEBOUNCE, "nocobase.cluster.sync.backlog=5");
		CountDownLatch begun = new CountDownLatch(1);
		CountDownLatch goOn = new CountDownLatch(1);
		List<String> events = new CopyOnWriteArrayList<>();
		context.getBean(SyncMessageManager.class)
			.subscribe("schema", SyncOptions.DEFAULTS.withResync(() -> events.add("resync")), (message) -> {
				begun.countDown();
				goOn.await();
				events.add(message.as(String.class));
			});
		publisher.publish("schema", "first");
		assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();

		IntStream.range(0, 6).forEach((i) -> publisher.publish("schema", "m" + i));
		TestCluster.eventually(() -> assertThat(health(context).up()).isFalse());
		goOn.countDown();
		publisher.publish("schema", "end");

		TestCluster.eventually(() -> assertThat(events).containsExactly("first", "resync", "end"));
	}

	@Test
	void whatCannotBeResyncedIsCounted() {
		SyncMessageManager publisher = start();
		ConfigurableApplicationContext context = this.cluster.start(NO_DEBOUNCE, "nocobase.cluster.sync.retries=0");
		List<String> handled = new CopyOnWriteArrayList<>();
		context.getBean(SyncMessageManager.class).subscribe("schema", SyncOptions.DEFAULTS, (message) -> {
			handled.add(message.as(String.class));
			throw new IllegalStateException("expected by the test");
		});

		publisher.publish("schema", "one");
		publisher.publish("schema", "two");

		TestCluster.eventually(() -> assertThat(handled).containsExactly("one", "two"));
		TestCluster.eventually(() -> assertThat(context.getBean(SignalCounts.class).of("sync.missed")).isEqualTo(2));
		assertThat(health(context).up()).isFalse();
	}

	@Test
	void memberThatVanishedLeadsToOneResyncOfEachSubscription() {
		String[] fast = { NO_DEBOUNCE, "nocobase.cluster.members.heartbeat=100ms", "nocobase.cluster.members.ttl=2s" };
		ConfigurableApplicationContext dying = this.cluster.start(fast);
		ConfigurableApplicationContext alsoDying = this.cluster.start(fast);
		ConfigurableApplicationContext left = this.cluster.start(fast);
		AtomicInteger resyncs = new AtomicInteger();
		AtomicInteger others = new AtomicInteger();
		SyncMessageManager survivor = start(fast);
		survivor.subscribe("schema", SyncOptions.DEFAULTS.withResync(resyncs::incrementAndGet), (message) -> {
		});
		survivor.subscribe("roles", SyncOptions.DEFAULTS.withResync(others::incrementAndGet), (message) -> {
		});

		left.close();
		this.cluster.crash(dying);
		this.cluster.crash(alsoDying);

		TestCluster.eventually(() -> assertThat(resyncs).hasValueGreaterThanOrEqualTo(1));
		TestCluster.eventually(() -> assertThat(others).hasValueGreaterThanOrEqualTo(1));
		// Two heartbeats at most lie between the two deaths, but a slow machine may
		// stretch them.
		assertThat(resyncs).hasValueLessThanOrEqualTo(2);
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2, 3 })
	void receiptTellsWhoHasAppliedTheMessage(int count) {
		ConfigurableApplicationContext publisher = this.cluster.start();
		List<String> ids = new ArrayList<>();
		List<List<String>> received = new ArrayList<>();
		for (int i = 1; i < count; i++) {
			ConfigurableApplicationContext other = this.cluster.start("nocobase.cluster.sync.debounce=300ms");
			received.add(listen(other.getBean(SyncMessageManager.class), "schema"));
			ids.add(other.getBean(Instance.class).id());
		}
		this.cluster.start();
		listen(publisher.getBean(SyncMessageManager.class), "schema");

		SyncReceipt receipt = publisher.getBean(SyncMessageManager.class).publish("schema", "one");
		SyncApplied applied = receipt.awaitApplied(LONG);

		assertThat(applied).isEqualTo(new SyncApplied(Set.copyOf(ids), Set.of(), Set.of()));
		assertThat(applied.isComplete()).isTrue();
		assertThat(received).allSatisfy((list) -> assertThat(list).containsExactly("one"));
	}

	@Test
	void messageThatWaitsOrIsBeingHandledIsNotApplied() {
		ConfigurableApplicationContext publisher = this.cluster.start();
		ConfigurableApplicationContext slow = this.cluster.start(NO_DEBOUNCE);
		ConfigurableApplicationContext waiting = this.cluster.start("nocobase.cluster.sync.debounce=1m");
		CountDownLatch goOn = new CountDownLatch(1);
		slow.getBean(SyncMessageManager.class).subscribe("schema", SyncOptions.DEFAULTS, (message) -> goOn.await());
		listen(waiting.getBean(SyncMessageManager.class), "schema");
		SyncReceipt receipt = publisher.getBean(SyncMessageManager.class).publish("schema", "one");

		SyncApplied early = receipt.awaitApplied(Duration.ofMillis(300));
		goOn.countDown();

		String slowId = slow.getBean(Instance.class).id();
		String waitingId = waiting.getBean(Instance.class).id();
		assertThat(early).isEqualTo(new SyncApplied(Set.of(), Set.of(slowId, waitingId), Set.of()));
		TestCluster.eventually(() -> assertThat(receipt.awaitApplied(Duration.ofMillis(100)))
			.isEqualTo(new SyncApplied(Set.of(slowId), Set.of(waitingId), Set.of())));
	}

	@Test
	void messageThatWasResyncedIsApplied() {
		ConfigurableApplicationContext publisher = this.cluster.start();
		ConfigurableApplicationContext other = this.cluster.start(NO_DEBOUNCE, "nocobase.cluster.sync.retries=0");
		other.getBean(SyncMessageManager.class).subscribe("schema", SyncOptions.DEFAULTS.withResync(() -> {
		}), (message) -> {
			throw new IllegalStateException("expected by the test");
		});

		SyncApplied applied = publisher.getBean(SyncMessageManager.class).publish("schema", "one").awaitApplied(LONG);

		assertThat(applied.applied()).containsExactly(other.getBean(Instance.class).id());
	}

	@Test
	void memberThatLeftIsGone() {
		String[] slow = { "nocobase.cluster.sync.debounce=10m", "nocobase.cluster.members.heartbeat=100ms" };
		ConfigurableApplicationContext leaving = this.cluster.start(slow);
		listen(leaving.getBean(SyncMessageManager.class), "schema");
		String id = leaving.getBean(Instance.class).id();
		SyncMessageManager publisher = start(slow);
		SyncReceipt receipt = publisher.publish("schema", "one");

		CompletableFuture<SyncApplied> applied = CompletableFuture.supplyAsync(() -> receipt.awaitApplied(LONG));
		leaving.close();

		assertThat(applied.join().gone()).containsExactly(id);
	}

	/** P2: a rollback settles the receipt at once, and nothing hangs. */
	@Test
	void rollbackSettlesTheReceipt() {
		SyncMessageManager publisher = start(NO_DEBOUNCE);
		List<String> received = listen(start(NO_DEBOUNCE), "schema");
		List<SyncReceipt> receipts = new ArrayList<>();

		new TestDatabase().inTransaction((status) -> {
			receipts.add(publisher.publish("schema", "rolled back"));
			status.setRollbackOnly();
		});
		publisher.publish("schema", "end");

		assertThat(receipts.get(0).state()).isEqualTo(SendState.NOT_SENT);
		assertThat(receipts.get(0).await(LONG)).isEqualTo(SendState.NOT_SENT);
		assertThat(receipts.get(0).awaitApplied(LONG)).isEqualTo(new SyncApplied(Set.of(), Set.of(), Set.of()));
		TestCluster.eventually(() -> assertThat(received).containsExactly("end"));
	}

	@Test
	void messageLeavesAfterTheCommitAndIsNotWaitedForInside() {
		SyncMessageManager publisher = start(NO_DEBOUNCE);
		ConfigurableApplicationContext other = this.cluster.start(NO_DEBOUNCE);
		List<String> received = listen(other.getBean(SyncMessageManager.class), "schema");
		List<SyncReceipt> receipts = new ArrayList<>();

		new TestDatabase().inTransaction((status) -> {
			SyncReceipt receipt = publisher.publish("schema", "one");
			receipts.add(receipt);
			publisher.publish("schema", "two");
			assertThat(receipt.state()).isEqualTo(SendState.PENDING);
			assertThatIllegalStateException().isThrownBy(() -> receipt.awaitApplied(LONG));
			assertThat(received).isEmpty();
			assertThat(
					CompletableFuture.supplyAsync(() -> receipt.awaitApplied(Duration.ofMillis(50))).join().lagging())
				.containsExactly(other.getBean(Instance.class).id());
		});

		assertThat(receipts.get(0).state()).isEqualTo(SendState.SENT);
		assertThat(receipts.get(0).awaitApplied(LONG).applied()).containsExactly(other.getBean(Instance.class).id());
		TestCluster.eventually(() -> assertThat(received).containsExactly("one", "two"));
	}

	@Test
	void restartKeepsSubscriptionsResyncsThemAndDoublesNone() {
		SyncMessageManager publisher = start();
		ConfigurableApplicationContext context = this.cluster.start((bean) -> bean.registerBean(Listeners.class),
				NO_DEBOUNCE);
		Listeners listeners = context.getBean(Listeners.class);

		context.stop();
		assertThatExceptionOfType(SyncException.class)
			.isThrownBy(() -> context.getBean(SyncMessageManager.class).publish("schema", "stopped"))
			.withMessageContaining("'schema'");
		publisher.publish("schema", new FieldRemoved("while", "stopped"));
		context.start();
		TestCluster.eventually(() -> assertThat(listeners.resyncs).hasValue(1));
		publisher.publish("schema", "skipped");
		publisher.publish("schema", new FieldRemoved("users", "name"));

		TestCluster.eventually(() -> assertThat(listeners.removed).containsExactly("users.name"));
		TestCluster.eventually(() -> assertThat(listeners.types).containsExactly("string", "field-removed"));
		assertThat(context.getBean(SignalCounts.class).of("sync.skipped")).isEqualTo(1);
	}

	@Test
	void nothingIsDeliveredAfterTheStop() throws InterruptedException {
		SyncMessageManager publisher = start();
		ConfigurableApplicationContext context = this.cluster.start(NO_DEBOUNCE);
		CountDownLatch begun = new CountDownLatch(1);
		CountDownLatch stopped = new CountDownLatch(1);
		AtomicInteger handled = new AtomicInteger();
		context.getBean(SyncMessageManager.class).subscribe("schema", SyncOptions.DEFAULTS, (message) -> {
			handled.incrementAndGet();
			begun.countDown();
			stopped.await();
		});
		IntStream.range(0, 10).forEach((i) -> publisher.publish("schema", "m" + i));
		assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();

		long before = System.nanoTime();
		context.stop();
		Duration took = Duration.ofNanos(System.nanoTime() - before);
		stopped.countDown();
		List<String> other = listen(start(NO_DEBOUNCE), "schema");
		publisher.publish("schema", "end");

		assertThat(took).isLessThan(Duration.ofSeconds(9));
		TestCluster.eventually(() -> assertThat(other).containsExactly("end"));
		assertThat(handled).hasValue(1);
	}

	@Test
	void closedSubscriptionGetsNothingMore() {
		SyncMessageManager publisher = start();
		SyncMessageManager receiver = start(NO_DEBOUNCE);
		List<String> closed = new CopyOnWriteArrayList<>();
		Subscription subscription = receiver.subscribe("schema", SyncOptions.DEFAULTS, reading(closed));
		List<String> other = listen(receiver, "schema");
		publisher.publish("schema", "one");
		TestCluster.eventually(() -> assertThat(closed).containsExactly("one"));

		subscription.close();
		subscription.close();
		publisher.publish("schema", "two");

		TestCluster.eventually(() -> assertThat(other).containsExactly("one", "two"));
		assertThat(closed).containsExactly("one");
	}

	@Test
	void badInputIsRefusedWithItsName() {
		SyncMessageManager manager = start("nocobase.cluster.max-payload=1KB");

		assertThatIllegalArgumentException().isThrownBy(() -> manager.publish(" ", "x"))
			.withMessageContaining("channel");
		assertThatIllegalArgumentException().isThrownBy(() -> manager.publish("x".repeat(10_000), "x"))
			.withMessageContaining("10000");
		assertThatIllegalArgumentException().isThrownBy(() -> listen(manager, ""));
		assertThatIllegalArgumentException().isThrownBy(() -> SyncOptions.DEFAULTS.withDebounce(Duration.ofMillis(-1)))
			.withMessageContaining("PT-0.001S");
		assertThatExceptionOfType(PayloadTooLargeException.class)
			.isThrownBy(() -> manager.publish("schema", "x".repeat(2_000)));
		assertThatExceptionOfType(PayloadException.class).isThrownBy(() -> manager.publish("schema", new Object()));
		SyncReceipt receipt = manager.publish("schema", "x");
		assertThatIllegalArgumentException().isThrownBy(() -> receipt.await(Duration.ofMillis(-1)))
			.withMessageContaining("PT-0.001S");
		assertThatIllegalArgumentException().isThrownBy(() -> receipt.awaitApplied(Duration.ofMillis(-1)))
			.withMessageContaining("PT-0.001S");
	}

	private SyncMessageManager start(String... properties) {
		return this.cluster.start(properties).getBean(SyncMessageManager.class);
	}

	private static LifecycleStep loading(Runnable load) {
		return new LifecycleStep("plugin", ClusterPhases.PLUGINS, Runnable::run, load, () -> {
		});
	}

	private static List<String> listen(SyncMessageManager manager, String channel) {
		List<String> received = new CopyOnWriteArrayList<>();
		manager.subscribe(channel, SyncOptions.DEFAULTS, reading(received));
		return received;
	}

	private static SyncHandler reading(List<String> received) {
		return (message) -> received.add(message.as(String.class));
	}

	private static CapabilityHealth health(ConfigurableApplicationContext context) {
		return context.getBeanProvider(Capability.class)
			.stream()
			.filter((capability) -> capability.name().equals("sync"))
			.findFirst()
			.orElseThrow()
			.health();
	}

	record FieldRemoved(String collection, String field) {
	}

	static class Listeners {

		private final AtomicInteger resyncs = new AtomicInteger();

		private final List<String> removed = new CopyOnWriteArrayList<>();

		private final List<String> types = new CopyOnWriteArrayList<>();

		@SyncListener(channel = "schema", resync = "reload", debounce = "0s")
		void removed(FieldRemoved message) {
			this.removed.add(message.collection() + "." + message.field());
		}

		@SyncListener(channel = "${schema.channel:schema}")
		void any(SyncMessage message) {
			this.types.add(message.type());
		}

		void reload() {
			this.resyncs.incrementAndGet();
		}

	}

}
