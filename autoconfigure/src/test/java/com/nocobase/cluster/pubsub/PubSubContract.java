package com.nocobase.cluster.pubsub;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.ConfigurableApplicationContext;

import com.nocobase.cluster.message.MessageType;
import com.nocobase.cluster.message.PayloadException;
import com.nocobase.cluster.message.PayloadTooLargeException;
import com.nocobase.cluster.message.SendReceipt;
import com.nocobase.cluster.message.SendState;
import com.nocobase.cluster.message.Subscription;
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
 * What pub/sub promises on every adapter.
 */
@SuppressWarnings("resource") // closed with the cluster
public abstract class PubSubContract {

	private static final Duration WINDOW = Duration.ofMillis(500);

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
	void everyOtherInstanceGetsTheMessage(int count) {
		PubSubManager publisher = start();
		List<List<String>> others = new ArrayList<>();
		for (int i = 1; i < count; i++) {
			others.add(listen(start(), "news"));
		}
		List<String> own = listen(publisher, "news");

		SendReceipt receipt = publisher.publish("news", "one");
		publisher.publish("news", "end", PublishOptions.TO_ALL);

		assertThat(receipt.state()).isEqualTo(SendState.SENT);
		for (List<String> other : others) {
			TestCluster.eventually(() -> assertThat(other).containsExactly("one", "end"));
		}
		TestCluster.eventually(() -> assertThat(own).containsExactly("end"));
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2, 3 })
	void messageForOneselfNeverLeavesTheProcess(int count) {
		PubSubManager publisher = start();
		List<String> own = listen(publisher, "news");
		List<List<String>> others = new ArrayList<>();
		for (int i = 1; i < count; i++) {
			others.add(listen(start(), "news"));
		}

		publisher.publish("news", "mine", PublishOptions.ONLY_SELF);
		publisher.publish("news", "end", PublishOptions.TO_ALL);

		TestCluster.eventually(() -> assertThat(own).containsExactly("mine", "end"));
		for (List<String> other : others) {
			TestCluster.eventually(() -> assertThat(other).containsExactly("end"));
		}
	}

	@Test
	void messagesOfOnePublisherStayInOrder() {
		PubSubManager publisher = start();
		List<Integer> received = new CopyOnWriteArrayList<>();
		start().subscribe("numbers", Integer.class, received::add);
		List<Integer> numbers = IntStream.range(0, 1_000).boxed().toList();

		numbers.forEach((number) -> publisher.publish("numbers", number));

		TestCluster.eventually(() -> assertThat(received).isEqualTo(numbers));
	}

	@Test
	void manyPublishersLoseNothingAndDoubleNothing() {
		List<PubSubManager> instances = List.of(start(), start(), start());
		List<ConcurrentLinkedQueue<String>> received = new ArrayList<>();
		for (PubSubManager instance : instances) {
			ConcurrentLinkedQueue<String> queue = new ConcurrentLinkedQueue<>();
			received.add(queue);
			instance.subscribe("load", String.class, queue::add);
		}

		List<CompletableFuture<Void>> publishers = new ArrayList<>();
		for (int thread = 0; thread < 4; thread++) {
			String name = "t" + thread;
			PubSubManager publisher = instances.get(thread % 2);
			publishers.add(CompletableFuture.runAsync(() -> {
				for (int i = 0; i < 250; i++) {
					publisher.publish("load", name + ":" + i);
				}
			}));
		}
		publishers.forEach(CompletableFuture::join);

		TestCluster.eventually(() -> assertThat(received.get(2)).hasSize(1_000).doesNotHaveDuplicates());
		TestCluster.eventually(() -> assertThat(received.get(0)).hasSize(500).doesNotHaveDuplicates());
		assertThat(received.get(2).stream().filter((text) -> text.startsWith("t0:")))
			.containsExactlyElementsOf(IntStream.range(0, 250).mapToObj((i) -> "t0:" + i).toList());
	}

	@Test
	void applicationsOnOneBrokerDoNotMeet() {
		PubSubManager publisher = start();
		PubSubManager stranger = start("nocobase.cluster.name=other");
		List<String> received = listen(stranger, "news");

		publisher.publish("news", "not for you");
		stranger.publish("news", "end", PublishOptions.TO_ALL);

		TestCluster.eventually(() -> assertThat(received).containsExactly("end"));
	}

	@Test
	void channelsDoNotMeet() {
		PubSubManager publisher = start();
		PubSubManager receiver = start();
		List<String> news = listen(receiver, "news");
		List<String> all = listen(receiver, "*");
		List<String> odd = listen(receiver, "a:b@c%41 {d}/ä");

		publisher.publish("a:b@c%41 {d}/ä", "odd");
		publisher.publish("news", "one");

		TestCluster.eventually(() -> assertThat(news).containsExactly("one"));
		TestCluster.eventually(() -> assertThat(odd).containsExactly("odd"));
		assertThat(all).isEmpty();
	}

	@Test
	void receiverNamesTheType() {
		PubSubManager publisher = start();
		ConfigurableApplicationContext context = this.cluster.start();
		PubSubManager receiver = context.getBean(PubSubManager.class);
		List<Renamed> renamed = new CopyOnWriteArrayList<>();
		List<Map<?, ?>> maps = new CopyOnWriteArrayList<>();
		List<Long> numbers = new CopyOnWriteArrayList<>();
		receiver.subscribe("c", Renamed.class, renamed::add);
		receiver.subscribe("c", Map.class, (message) -> maps.add(message));
		receiver.subscribe("numbers", Long.class, numbers::add);

		publisher.publish("c", new FieldRenamed("a", 1));
		publisher.publish("c", new Unknown("x"));
		publisher.publish("numbers", 42);

		TestCluster.eventually(() -> assertThat(renamed).containsExactly(new Renamed("a")));
		TestCluster.eventually(() -> assertThat(maps).hasSize(2));
		TestCluster.eventually(() -> assertThat(numbers).containsExactly(42L));
		assertThat(context.getBean(SignalCounts.class).of("pubsub.skipped")).isEqualTo(1);
	}

	@Test
	void eachSubscriptionGetsItsOwnCopy() {
		PubSubManager publisher = start();
		PubSubManager receiver = start();
		List<List<?>> received = new CopyOnWriteArrayList<>();
		receiver.subscribe("c", List.class, (message) -> {
			message.clear();
			received.add(message);
		});
		receiver.subscribe("c", List.class, (message) -> received.add(message));

		publisher.publish("c", List.of(1, 2));

		TestCluster.eventually(() -> assertThat(received).containsExactlyInAnyOrder(List.of(), List.of(1, 2)));
	}

	@Test
	void closedSubscriptionGetsNothingMore() {
		PubSubManager publisher = start();
		PubSubManager receiver = start();
		List<String> closed = new CopyOnWriteArrayList<>();
		Subscription subscription = receiver.subscribe("news", String.class, closed::add);
		List<String> other = listen(receiver, "news");
		publisher.publish("news", "one");
		TestCluster.eventually(() -> assertThat(closed).containsExactly("one"));

		subscription.close();
		subscription.close();
		publisher.publish("news", "two");

		TestCluster.eventually(() -> assertThat(other).containsExactly("one", "two"));
		assertThat(closed).containsExactly("one");
		List<String> again = listen(receiver, "news");
		publisher.publish("news", "three");
		TestCluster.eventually(() -> assertThat(again).containsExactly("three"));
	}

	/** P3: two debounced subscriptions of one channel both run. */
	@Test
	void debouncedSubscriptionsEachHaveTheirOwnWindow() {
		PubSubManager publisher = start();
		PubSubManager receiver = start();
		List<String> first = listen(receiver, "news", WINDOW);
		List<String> second = listen(receiver, "news", WINDOW);
		List<String> third = listen(receiver, "news", WINDOW.multipliedBy(2));

		publisher.publish("news", "one");

		TestCluster.eventually(() -> assertThat(first).containsExactly("one"));
		TestCluster.eventually(() -> assertThat(second).containsExactly("one"));
		TestCluster.eventually(() -> assertThat(third).containsExactly("one"));
	}

	/** P4: the last state wins, and equal messages are one. */
	@Test
	void windowHandlesDistinctMessagesInOrderOfTheirLastOccurrence() {
		PubSubManager publisher = start();
		List<String> received = listen(start(), "news", Duration.ofSeconds(1));

		for (int i = 0; i < 20; i++) {
			publisher.publish("news", "A");
			publisher.publish("news", "B");
			publisher.publish("news", "A");
		}

		TestCluster.eventually(() -> assertThat(received).containsExactly("B", "A"));
	}

	/** P4: a stream without a pause is handled too. */
	@Test
	void windowClosesUnderAStream() {
		PubSubManager publisher = start();
		List<String> received = listen(start(), "news", Duration.ofMillis(200));

		TestCluster.eventually(() -> {
			publisher.publish("news", "again");
			assertThat(received).isNotEmpty();
		});
	}

	/** P5: a handler that throws stops neither its neighbours nor later messages. */
	@Test
	void handlerThatThrowsHarmsNobody() {
		PubSubManager publisher = start();
		ConfigurableApplicationContext context = this.cluster.start();
		PubSubManager receiver = context.getBean(PubSubManager.class);
		List<String> failing = new CopyOnWriteArrayList<>();
		receiver.subscribe("news", String.class, (message) -> {
			failing.add(message);
			throw new NoSuchFieldException("expected by the test");
		});
		receiver.subscribe("news", String.class, (message) -> {
			failing.add(message);
			throw new AssertionError("expected by the test");
		});
		List<String> received = listen(receiver, "news");

		publisher.publish("news", "one");
		publisher.publish("news", "two");

		TestCluster.eventually(() -> assertThat(received).containsExactly("one", "two"));
		TestCluster.eventually(() -> assertThat(failing).hasSize(4));
		TestCluster.eventually(() -> assertThat(context.getBean(SignalCounts.class).of("pubsub.failed")).isEqualTo(4));
	}

	@Test
	void handlerThatNeverReturnsBlocksOnlyItsOwnSubscription() {
		PubSubManager publisher = start();
		PubSubManager receiver = start();
		CountDownLatch never = new CountDownLatch(1);
		receiver.subscribe("news", String.class, (message) -> never.await());
		List<String> received = listen(receiver, "news");
		List<String> elsewhere = listen(receiver, "other");

		publisher.publish("news", "one");
		publisher.publish("news", "two");
		publisher.publish("other", "three");

		TestCluster.eventually(() -> assertThat(received).containsExactly("one", "two"));
		TestCluster.eventually(() -> assertThat(elsewhere).containsExactly("three"));
		never.countDown();
	}

	@Test
	void overflowIsCountedAndTold() throws InterruptedException {
		PubSubManager publisher = start();
		ConfigurableApplicationContext context = this.cluster.start("nocobase.cluster.pubsub.backlog=5");
		PubSubManager receiver = context.getBean(PubSubManager.class);
		CountDownLatch begun = new CountDownLatch(1);
		CountDownLatch goOn = new CountDownLatch(1);
		List<String> events = new CopyOnWriteArrayList<>();
		receiver.subscribe("news", Integer.class, SubscribeOptions.DEFAULTS.withOnMissed(() -> events.add("missed")),
				(message) -> {
					begun.countDown();
					goOn.await();
					events.add(message.toString());
				});
		publisher.publish("news", 0);
		assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();

		IntStream.rangeClosed(1, 8).forEach((number) -> publisher.publish("news", number));
		TestCluster.eventually(() -> assertThat(context.getBean(SignalCounts.class).of("pubsub.dropped")).isEqualTo(3));
		assertThat(context.getBean(ClusterPubSub.class).health().up()).isFalse();
		goOn.countDown();

		TestCluster.eventually(() -> assertThat(events).containsExactly("0", "missed", "1", "2", "3", "4", "5"));
	}

	@Test
	void publishingFailsVisiblyBeforeTheStartAndAfterTheStop() {
		ConfigurableApplicationContext context = this.cluster.create(
				(bean) -> bean.registerBean("early", Early.class, () -> new Early(bean.getBean(PubSubManager.class))));
		context.refresh();
		PubSubManager manager = context.getBean(PubSubManager.class);
		assertThat(context.getBean(Early.class).failure).hasMessageContaining("'news'");

		context.stop();

		assertThatExceptionOfType(PubSubException.class).isThrownBy(() -> manager.publish("news", "one"))
			.withMessageContaining("not connected");
		assertThatExceptionOfType(PubSubException.class)
			.isThrownBy(() -> manager.publish("news", "one", PublishOptions.ONLY_SELF));
		assertThatExceptionOfType(PubSubException.class).isThrownBy(() -> manager.publishAsync("news", "one"))
			.withMessageContaining("not connected");
	}

	@Test
	void subscriptionMadeBeforeTheStartIsRemembered() {
		PubSubManager publisher = start();
		ConfigurableApplicationContext context = this.cluster.create(
				(bean) -> bean.registerBean("early", Early.class, () -> new Early(bean.getBean(PubSubManager.class))));
		context.refresh();

		publisher.publish("news", "one");

		TestCluster.eventually(() -> assertThat(context.getBean(Early.class).received).containsExactly("one"));
	}

	@Test
	void messagesGatherUntilPluginsAreLoaded() {
		PubSubManager publisher = start();
		List<String> events = new CopyOnWriteArrayList<>();
		ConfigurableApplicationContext context = this.cluster.create((bean) -> bean.registerBean("plugin",
				LifecycleStep.class, () -> new LifecycleStep("plugin", ClusterPhases.PLUGINS, Runnable::run, () -> {
					bean.getBean(PubSubManager.class).subscribe("news", String.class, events::add);
					publisher.publish("news", "while loading");
					events.add("loaded");
				}, () -> {
				})));

		context.refresh();

		TestCluster.eventually(() -> assertThat(events).containsExactly("loaded", "while loading"));
	}

	/** P10: subscriptions come back after a stop and a start, once. */
	@Test
	void restartKeepsSubscriptionsAndDoublesNone() {
		PubSubManager publisher = start();
		ConfigurableApplicationContext context = this.cluster.start((bean) -> bean.registerBean(Listeners.class));
		List<String> received = listen(context.getBean(PubSubManager.class), "news");

		for (int i = 0; i < 2; i++) {
			context.stop();
			publisher.publish("news", "while stopped " + i);
			context.start();
		}
		publisher.publish("news", "one");
		publisher.publish("news", "two");
		publisher.publish("listened", new FieldRenamed("a", 1));

		// The nodes of a broker may still hand on what was published just before the
		// start.
		TestCluster.eventually(() -> assertThat(received).endsWith("one", "two"));
		assertThat(received).doesNotHaveDuplicates();
		TestCluster.eventually(() -> assertThat(context.getBean(Listeners.class).received).containsExactly("a"));
	}

	@Test
	void nothingIsDeliveredAfterTheStop() throws InterruptedException {
		PubSubManager publisher = start();
		ConfigurableApplicationContext context = this.cluster.start();
		CountDownLatch begun = new CountDownLatch(1);
		CountDownLatch stopped = new CountDownLatch(1);
		AtomicInteger handled = new AtomicInteger();
		context.getBean(PubSubManager.class).subscribe("news", String.class, (message) -> {
			handled.incrementAndGet();
			begun.countDown();
			stopped.await();
		});
		List<String> debounced = listen(context.getBean(PubSubManager.class), "news", WINDOW);
		IntStream.range(0, 10).forEach((i) -> publisher.publish("news", "one"));
		assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();

		long before = System.nanoTime();
		context.stop();
		Duration took = Duration.ofNanos(System.nanoTime() - before);
		stopped.countDown();
		List<String> other = listen(start(), "news", WINDOW);
		publisher.publish("news", "end");

		assertThat(took).isLessThan(Duration.ofSeconds(9));
		TestCluster.eventually(() -> assertThat(other).containsExactly("end"));
		assertThat(handled).hasValue(1);
		assertThat(debounced).isEmpty();
	}

	@Test
	void messageOfATransactionLeavesAfterTheCommitAndNeverAfterARollback() {
		PubSubManager publisher = start();
		List<String> received = listen(start(), "news");
		List<String> own = listen(publisher, "news");
		TestDatabase database = new TestDatabase();
		List<SendReceipt> receipts = new ArrayList<>();

		database.inTransaction((status) -> {
			receipts.add(publisher.publish("news", "rolled back"));
			status.setRollbackOnly();
		});
		database.inTransaction((status) -> {
			receipts.add(publisher.publish("news", "one"));
			publisher.publish("news", "own", PublishOptions.ONLY_SELF);
			receipts.add(publisher.publish("news", "two"));
			assertThat(receipts.get(1).state()).isEqualTo(SendState.PENDING);
			assertThatIllegalStateException().isThrownBy(() -> receipts.get(1).await(Duration.ofSeconds(1)));
			assertThat(own).isEmpty();
		});

		assertThat(receipts).extracting(SendReceipt::state)
			.containsExactly(SendState.NOT_SENT, SendState.SENT, SendState.SENT);
		TestCluster.eventually(() -> assertThat(received).containsExactly("one", "two"));
		TestCluster.eventually(() -> assertThat(own).containsExactly("own"));
	}

	@Test
	void asynchronousMessagesStayInOrderWithTheOthersOfTheirThread() {
		PubSubManager publisher = start();
		List<Integer> received = new CopyOnWriteArrayList<>();
		start().subscribe("numbers", Integer.class, received::add);
		List<Integer> numbers = IntStream.range(0, 3_000).boxed().toList();

		List<SendReceipt> receipts = numbers.stream()
			.map((number) -> (number % 100 == 99) ? publisher.publish("numbers", number)
					: publisher.publishAsync("numbers", number))
			.toList();

		TestCluster.eventually(() -> assertThat(received).isEqualTo(numbers));
		assertThat(receipts).extracting((receipt) -> receipt.await(Duration.ofSeconds(10)))
			.containsOnly(SendState.SENT);
	}

	@Test
	void manyAsynchronousPublishersLoseNothingAndDoubleNothing() {
		PubSubManager publisher = start();
		ConfigurableApplicationContext context = this.cluster.start();
		ConcurrentLinkedQueue<String> received = new ConcurrentLinkedQueue<>();
		context.getBean(PubSubManager.class).subscribe("load", String.class, received::add);

		List<CompletableFuture<Void>> publishers = IntStream.range(0, 4)
			.mapToObj((thread) -> CompletableFuture.runAsync(() -> IntStream.range(0, 2_000)
				.forEach((number) -> publisher.publishAsync("load", thread + ":" + number))))
			.toList();
		publishers.forEach(CompletableFuture::join);

		TestCluster.eventually(() -> assertThat(received).hasSize(8_000).doesNotHaveDuplicates());
		for (int thread = 0; thread < 4; thread++) {
			String prefix = thread + ":";
			assertThat(received.stream().filter((text) -> text.startsWith(prefix)))
				.containsExactlyElementsOf(IntStream.range(0, 2_000).mapToObj((i) -> prefix + i).toList());
		}
		assertThat(context.getBean(SignalCounts.class).of("pubsub.late")).isZero();
	}

	@Test
	void outcomeOfAnAsynchronousMessageIsTold() {
		PubSubManager publisher = start();
		List<String> own = listen(publisher, "news");

		SendReceipt receipt = publisher.publishAsync("news", "one");
		SendReceipt mine = publisher.publishAsync("news", "mine", PublishOptions.ONLY_SELF);

		assertThat(receipt.outcome()).succeedsWithin(Duration.ofSeconds(10)).isEqualTo(SendState.SENT);
		assertThat(receipt.failure()).isNull();
		assertThat(mine.state()).isEqualTo(SendState.SENT);
		TestCluster.eventually(() -> assertThat(own).containsExactly("mine"));
	}

	@Test
	void asynchronousMessageOfATransactionLeavesAfterTheCommitAndNeverAfterARollback() {
		PubSubManager publisher = start();
		List<String> received = listen(start(), "news");
		TestDatabase database = new TestDatabase();
		List<SendReceipt> receipts = new ArrayList<>();

		database.inTransaction((status) -> {
			receipts.add(publisher.publishAsync("news", "rolled back"));
			status.setRollbackOnly();
		});
		database.inTransaction((status) -> {
			receipts.add(publisher.publishAsync("news", "one"));
			receipts.add(publisher.publish("news", "two"));
			receipts.add(publisher.publishAsync("news", "three"));
			assertThat(receipts.get(1).outcome().toCompletableFuture()).isNotDone();
		});

		assertThat(receipts).extracting(SendReceipt::state)
			.containsExactly(SendState.NOT_SENT, SendState.SENT, SendState.SENT, SendState.SENT);
		TestCluster.eventually(() -> assertThat(received).containsExactly("one", "two", "three"));
	}

	@Test
	void annotatedMethodIsCalled() {
		PubSubManager publisher = start();
		ConfigurableApplicationContext context = this.cluster.start((bean) -> bean.registerBean(Listeners.class),
				"channel.name=from-property");

		publisher.publish("from-property", "text");

		TestCluster.eventually(() -> assertThat(context.getBean(Listeners.class).received).containsExactly("text"));
	}

	@Test
	void badInputIsRefusedWithItsName() {
		PubSubManager manager = start("nocobase.cluster.max-payload=1KB");

		assertThatIllegalArgumentException().isThrownBy(() -> manager.publish(" ", "x"))
			.withMessageContaining("channel");
		assertThatIllegalArgumentException().isThrownBy(() -> manager.publish("x".repeat(10_000), "x"))
			.withMessageContaining("10000");
		assertThatIllegalArgumentException().isThrownBy(() -> listen(manager, ""));
		assertThatIllegalArgumentException()
			.isThrownBy(() -> SubscribeOptions.DEFAULTS.withDebounce(Duration.ofMillis(-1)))
			.withMessageContaining("PT-0.001S");
		assertThatExceptionOfType(PayloadTooLargeException.class)
			.isThrownBy(() -> manager.publish("news", "x".repeat(2_000)));
		assertThatExceptionOfType(PayloadException.class).isThrownBy(() -> manager.publish("news", new Object()));
		assertThatExceptionOfType(PayloadException.class)
			.isThrownBy(() -> manager.publish("news", new CompletableFuture<String>()));
	}

	@Test
	@EnabledForJreRange(min = JRE.JAVA_21)
	void virtualThreadsHandleMessages() {
		PubSubManager publisher = start();
		List<Boolean> virtual = new CopyOnWriteArrayList<>();
		start("spring.threads.virtual.enabled=true").subscribe("news", String.class,
				(message) -> virtual.add(Thread.currentThread().getClass().getName().contains("Virtual")));

		publisher.publish("news", "one");

		TestCluster.eventually(() -> assertThat(virtual).containsExactly(true));
	}

	private PubSubManager start(String... properties) {
		return this.cluster.start(properties).getBean(PubSubManager.class);
	}

	private static List<String> listen(PubSubManager manager, String channel) {
		return listen(manager, channel, Duration.ZERO);
	}

	private static List<String> listen(PubSubManager manager, String channel, Duration debounce) {
		List<String> received = new CopyOnWriteArrayList<>();
		manager.subscribe(channel, String.class, SubscribeOptions.DEFAULTS.withDebounce(debounce), received::add);
		return received;
	}

	record FieldRenamed(String field, int more) {
	}

	@MessageType("field-renamed")
	record Renamed(String field) {
	}

	record Unknown(String text) {
	}

	static class Early {

		private final List<String> received = new CopyOnWriteArrayList<>();

		private final RuntimeException failure;

		Early(PubSubManager manager) {
			manager.subscribe("news", String.class, this.received::add);
			RuntimeException caught = new IllegalStateException("did not fail");
			try {
				manager.publish("news", "too early");
			}
			catch (PubSubException ex) {
				caught = ex;
			}
			this.failure = caught;
		}

	}

	static class Listeners {

		private final List<String> received = new CopyOnWriteArrayList<>();

		@PubSubListener(channel = "${channel.name:unused}")
		void text(String text) {
			this.received.add(text);
		}

		@PubSubListener(channel = "#{'lis' + 'tened'}", debounce = "10ms")
		void renamed(Renamed message) {
			this.received.add(message.field());
		}

	}

}
