package com.nocobase.cluster.pubsub;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.util.unit.DataSize;
import tools.jackson.databind.json.JsonMapper;

import com.nocobase.cluster.message.Envelope;
import com.nocobase.cluster.message.Instance;
import com.nocobase.cluster.message.JsonCodec;
import com.nocobase.cluster.message.MessageCodec;
import com.nocobase.cluster.message.SendReceipt;
import com.nocobase.cluster.message.SendState;
import com.nocobase.cluster.message.Subscription;
import com.nocobase.cluster.support.CapabilityHealth;
import com.nocobase.cluster.support.RefusingExecutor;
import com.nocobase.cluster.support.SignalCounts;
import com.nocobase.cluster.support.TestCluster;
import com.nocobase.cluster.tx.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The manager on an adapter of an application's own, which can fail.
 */
class ClusterPubSubTests {

	private final TestCluster cluster = TestCluster.inMemory("nocobase.cluster.pubsub.adapter=custom");

	private final CustomBroker broker = new CustomBroker();

	private final MessageCodec stranger = new MessageCodec(
			new JsonCodec(JsonMapper.builder().build(), DataSize.ofMegabytes(5)), new Instance("test", "stranger"),
			Clock.systemUTC());

	@AfterEach
	void closeCluster() {
		this.cluster.close();
	}

	@Test
	void channelCostsOneSubscriptionAtTheBroker() {
		PubSubManager manager = start().getBean(PubSubManager.class);

		Subscription first = subscribe(manager, new ArrayList<>());
		Subscription second = subscribe(manager, new ArrayList<>());
		assertThat(this.broker.channels).containsExactly("test:news");
		first.close();
		first.close();
		assertThat(this.broker.channels).containsExactly("test:news");
		second.close();

		assertThat(this.broker.channels).isEmpty();
	}

	/** P8: an adapter that connects later lets nothing get lost in silence. */
	@Test
	void publishingBeforeAnAsynchronousConnectionIsUpFails() {
		this.broker.failure = new IllegalStateException("still connecting");
		ConfigurableApplicationContext context = start();
		PubSubManager manager = context.getBean(PubSubManager.class);

		assertThatExceptionOfType(PubSubException.class).isThrownBy(() -> manager.publish("news", "one"))
			.withMessageContaining("'news'")
			.withRootCauseInstanceOf(IllegalStateException.class);
		this.broker.failure = null;

		assertThat(manager.publish("news", "two").state()).isEqualTo(SendState.SENT);
		assertThat(this.broker.published).hasSize(1);
	}

	@Test
	void lostConnectionIsToldWhenItIsBack() {
		ConfigurableApplicationContext context = start();
		List<String> events = new CopyOnWriteArrayList<>();
		context.getBean(PubSubManager.class)
			.subscribe("news", String.class, SubscribeOptions.DEFAULTS.withOnMissed(() -> events.add("missed")),
					events::add);

		this.broker.inbox().lost();
		assertThat(health(context).up()).isFalse();
		assertThat(health(context).details()).containsEntry("connected", false).containsEntry("adapter", "custom");
		this.broker.inbox().restored();
		this.broker.inbox().received("test:news", frame("one"));

		TestCluster.eventually(() -> assertThat(events).containsExactly("missed", "one"));
		assertThat(health(context).up()).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "PT0S", "PT0.02S" })
	void subscriptionWithoutThreadHandsOverWhatCameWhenThereIsOne(Duration debounce) {
		RefusingExecutor executor = new RefusingExecutor();
		ConfigurableApplicationContext context = this.cluster.start((beans) -> {
			executor.register(beans);
			beans.registerBean("custom", PubSubAdapter.class, () -> this.broker);
		});
		List<String> events = new CopyOnWriteArrayList<>();
		context.getBean(PubSubManager.class)
			.subscribe("news", String.class, SubscribeOptions.DEFAULTS.withDebounce(debounce), events::add);
		executor.refuse(true);
		this.broker.inbox().received("test:news", frame("one"));
		this.broker.inbox().received("test:news", frame("two"));
		TestCluster.eventually(() -> assertThat(executor.refused()).isPositive());
		assertThat(events).isEmpty();

		executor.refuse(false);

		TestCluster.eventually(() -> assertThat(events).containsExactly("one", "two"));
		this.broker.inbox().received("test:news", frame("three"));
		TestCluster.eventually(() -> assertThat(events).containsExactly("one", "two", "three"));
	}

	@Test
	void callbackOfMissedMessagesThatThrowsHarmsNobody() {
		ConfigurableApplicationContext context = start();
		List<String> events = new CopyOnWriteArrayList<>();
		context.getBean(PubSubManager.class)
			.subscribe("news", String.class, SubscribeOptions.DEFAULTS.withOnMissed(() -> {
				throw new IllegalStateException("expected by the test");
			}), events::add);

		this.broker.inbox().restored();
		this.broker.inbox().received("test:news", frame("one"));

		TestCluster.eventually(() -> assertThat(events).containsExactly("one"));
		assertThat(context.getBean(SignalCounts.class).of("pubsub.failed")).isEqualTo(1);
	}

	@Test
	void whatCannotBeReadIsCountedAndStopsNothing() {
		ConfigurableApplicationContext context = start();
		List<String> received = new CopyOnWriteArrayList<>();
		subscribe(context.getBean(PubSubManager.class), received);
		Envelope newer = new Envelope(Envelope.VERSION + 1, "id", "string", "stranger", Instant.EPOCH, Map.of(),
				"\"x\"".getBytes(StandardCharsets.UTF_8));
		Envelope broken = new Envelope(Envelope.VERSION, "id", "string", "stranger", Instant.EPOCH, Map.of(),
				"{not json".getBytes(StandardCharsets.UTF_8));

		this.broker.inbox().received("test:news", new byte[0]);
		this.broker.inbox().received("test:news", "garbage".getBytes(StandardCharsets.UTF_8));
		this.broker.inbox().received("test:news", "{\"v\":1}\n{}".getBytes(StandardCharsets.UTF_8));
		this.broker.inbox().received("test:news", this.stranger.encode(newer));
		this.broker.inbox().received("test:news", this.stranger.encode(broken));
		this.broker.inbox().received("test:news", frame("x".repeat(2_000_000)));
		this.broker.inbox().received("test:news", frame(List.of("another type")));
		this.broker.inbox().received("test:unknown", frame("nobody listens"));
		this.broker.inbox().received("test:news", frame("good"));

		TestCluster.eventually(() -> assertThat(received).containsExactly("good"));
		assertThat(context.getBean(SignalCounts.class).of("pubsub.skipped")).isEqualTo(7);
	}

	@Test
	void ownMessageIsDroppedUnreadUnlessMeantForAll() {
		ConfigurableApplicationContext context = start();
		List<String> received = new CopyOnWriteArrayList<>();
		subscribe(context.getBean(PubSubManager.class), received);
		Envelope own = new Envelope(Envelope.VERSION, "id", "string", context.getBean(Instance.class).id(),
				Instant.EPOCH, Map.of(), "{not json".getBytes(StandardCharsets.UTF_8));

		this.broker.inbox().received("test:news", this.stranger.encode(own));
		context.getBean(PubSubManager.class).publish("news", "to all", PublishOptions.TO_ALL);
		this.broker.inbox().received("test:news", this.broker.published.get(0));

		TestCluster.eventually(() -> assertThat(received).containsExactly("to all"));
		assertThat(context.getBean(SignalCounts.class).of("pubsub.skipped")).isZero();
	}

	@Test
	void sendThatFailsAfterTheCommitIsSentAgainInOrderAndHealthSaysSo() {
		ConfigurableApplicationContext context = start();
		PubSubManager manager = context.getBean(PubSubManager.class);
		List<SendReceipt> receipts = new ArrayList<>();
		this.broker.failure = new IllegalStateException("broker away");

		new TestDatabase().inTransaction((status) -> {
			receipts.add(manager.publish("news", "one"));
			receipts.add(manager.publish("news", "two"));
		});
		assertThat(receipts).extracting(SendReceipt::state).containsOnly(SendState.PENDING);
		assertThat(health(context).up()).isFalse();
		assertThat(health(context).details()).containsEntry("waitingToBeSent", 2);
		this.broker.failure = null;

		TestCluster.eventually(() -> assertThat(receipts).extracting(SendReceipt::state).containsOnly(SendState.SENT));
		assertThat(this.broker.published).extracting((bytes) -> new String(bytes, StandardCharsets.UTF_8))
			.satisfiesExactly((first) -> assertThat(first).endsWith("\"one\""),
					(second) -> assertThat(second).endsWith("\"two\""));
		assertThat(health(context).up()).isTrue();
	}

	@Test
	void adapterThatCannotConnectStopsTheStart() {
		this.broker.failure = null;
		this.broker.refuse = true;

		assertThatExceptionOfType(RuntimeException.class).isThrownBy(this::start)
			.withStackTraceContaining("broker is not there");
	}

	@Test
	void subscribingThatFailsLeavesNothingBehind() {
		ConfigurableApplicationContext context = start();
		PubSubManager manager = context.getBean(PubSubManager.class);
		this.broker.failure = new IllegalStateException("broker away");
		assertThatExceptionOfType(PubSubException.class).isThrownBy(() -> subscribe(manager, new ArrayList<>()))
			.withMessageContaining("'news'");
		assertThat(health(context).details()).containsEntry("subscriptions", 0);

		this.broker.failure = null;
		subscribe(manager, new ArrayList<>());

		assertThat(this.broker.channels).containsExactly("test:news");
	}

	@Test
	void messageThatComesAgainIsDroppedAndCounted() {
		ConfigurableApplicationContext context = start();
		List<String> received = new CopyOnWriteArrayList<>();
		subscribe(context.getBean(PubSubManager.class), received);

		this.broker.inbox().received("test:news", numbered(1, "one"));
		this.broker.inbox().received("test:news", numbered(2, "two"));
		this.broker.inbox().received("test:news", numbered(1, "one"));
		this.broker.inbox().received("test:news", numbered(2, "two"));
		this.broker.inbox().received("test:news", numbered(3, "three"));

		TestCluster.eventually(() -> assertThat(received).containsExactly("one", "two", "three"));
		assertThat(context.getBean(SignalCounts.class).of("pubsub.doubled")).isEqualTo(2);
	}

	@Test
	void messageThatComesTooLateToKnowIsDroppedAndTold() {
		ConfigurableApplicationContext context = start();
		List<String> events = new CopyOnWriteArrayList<>();
		context.getBean(PubSubManager.class)
			.subscribe("news", String.class, SubscribeOptions.DEFAULTS.withOnMissed(() -> events.add("missed")),
					events::add);

		this.broker.inbox().received("test:news", numbered(10_000, "one"));
		this.broker.inbox().received("test:news", numbered(1, "too late"));
		this.broker.inbox().received("test:news", numbered(10_001, "two"));

		TestCluster.eventually(() -> assertThat(events).endsWith("two"));
		assertThat(events).contains("missed").doesNotContain("too late");
		assertThat(context.getBean(SignalCounts.class).of("pubsub.late")).isEqualTo(1);
	}

	@Test
	void messageThatIsSentAgainIsTheSameToTheByte() {
		ConfigurableApplicationContext context = start();
		PubSubManager manager = context.getBean(PubSubManager.class);
		this.broker.failAfterPublishing = true;

		new TestDatabase().inTransaction((status) -> manager.publish("news", "one"));
		this.broker.failAfterPublishing = false;
		TestCluster.eventually(() -> assertThat(this.broker.published).hasSizeGreaterThan(1));
		manager.publish("news", "one");

		List<byte[]> published = this.broker.published;
		assertThat(published.get(1)).isEqualTo(published.get(0));
		assertThat(published.get(published.size() - 1)).isNotEqualTo(published.get(0));
	}

	private ConfigurableApplicationContext start() {
		return this.cluster.start((context) -> context.registerBean("custom", PubSubAdapter.class, () -> this.broker));
	}

	private static Subscription subscribe(PubSubManager manager, List<String> received) {
		return manager.subscribe("news", String.class, received::add);
	}

	private byte[] frame(Object message) {
		return this.stranger.encode(this.stranger.wrap(message, Map.of()));
	}

	private byte[] numbered(long number, String message) {
		return this.stranger.encode(this.stranger.wrap("stranger" + Lanes.NUMBER + number, message, Map.of()));
	}

	private static CapabilityHealth health(ConfigurableApplicationContext context) {
		return context.getBean(ClusterPubSub.class).health();
	}

	private static final class CustomBroker implements PubSubAdapter {

		private final AtomicReference<@Nullable PubSubInbox> inbox = new AtomicReference<>();

		private final List<String> channels = new CopyOnWriteArrayList<>();

		private final List<byte[]> published = new CopyOnWriteArrayList<>();

		private volatile boolean refuse;

		private volatile boolean failAfterPublishing;

		private volatile @Nullable RuntimeException failure;

		PubSubInbox inbox() {
			return Objects.requireNonNull(this.inbox.get());
		}

		@Override
		public PubSubConnection connect(PubSubInbox inbox) {
			if (this.refuse) {
				throw new IllegalStateException("broker is not there");
			}
			this.inbox.set(inbox);
			return new PubSubConnection() {

				@Override
				public Subscription subscribe(String channel) {
					throwFailure();
					CustomBroker.this.channels.add(channel);
					return () -> CustomBroker.this.channels.remove(channel);
				}

				@Override
				public void publish(String channel, byte[] message) {
					throwFailure();
					CustomBroker.this.published.add(message);
					if (CustomBroker.this.failAfterPublishing) {
						throw new IllegalStateException("lost after it was taken");
					}
				}

				@Override
				public void close() {
					CustomBroker.this.channels.clear();
				}

			};
		}

		private void throwFailure() {
			RuntimeException thrown = this.failure;
			if (thrown != null) {
				throw thrown;
			}
		}

	}

}
