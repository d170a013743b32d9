package com.nocobase.cluster.autoconfigure;

import java.util.Objects;
import java.util.UUID;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.springframework.boot.amqp.autoconfigure.RabbitAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import com.nocobase.cluster.message.SendReceipt;
import com.nocobase.cluster.message.SendState;
import com.nocobase.cluster.message.Subscription;
import com.nocobase.cluster.pubsub.MessageHandler;
import com.nocobase.cluster.pubsub.PubSubAdapter;
import com.nocobase.cluster.pubsub.PubSubConnection;
import com.nocobase.cluster.pubsub.PubSubListener;
import com.nocobase.cluster.pubsub.PubSubManager;
import com.nocobase.cluster.pubsub.PublishOptions;
import com.nocobase.cluster.pubsub.SubscribeOptions;
import com.nocobase.cluster.rabbit.TestRabbit;
import com.nocobase.cluster.redis.TestRedis;
import com.nocobase.cluster.support.Capability;
import com.nocobase.cluster.support.UnknownAdapterException;

import static org.assertj.core.api.Assertions.assertThat;

class PubSubAutoConfigurationTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(ClusterAutoConfiguration.class, PubSubAutoConfiguration.class));

	@BeforeAll
	static void findServers() {
		TestRedis.shared();
		TestRabbit.shared();
	}

	@Test
	void memoryIsTheDefault() {
		this.runner.run((context) -> {
			assertThat(context).hasSingleBean(PubSubManager.class);
			Capability capability = context.getBean(Capability.class);
			assertThat(capability.name()).isEqualTo("pubsub");
			assertThat(capability.adapter()).isEqualTo("memory");
			assertThat(capability.health().up()).isTrue();
			assertThat(context.getBean(PubSubManager.class).publish("news", "x").state()).isEqualTo(SendState.SENT);
		});
	}

	@Test
	void memoryCanBeNamed() {
		this.runner.withPropertyValues("nocobase.cluster.pubsub.adapter=memory")
			.run((context) -> assertThat(context).hasBean("memoryPubSubAdapter"));
	}

	@Test
	void unknownAdapterStopsTheStart() {
		this.runner.withPropertyValues("nocobase.cluster.pubsub.adapter=carrier-pigeon")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(UnknownAdapterException.class)
				.hasMessageContaining("carrier-pigeon"));
	}

	@Test
	void customAdapterIsABean() {
		this.runner.withPropertyValues("nocobase.cluster.pubsub.adapter=mine")
			.withBean("minePubSubAdapter", PubSubAdapter.class, () -> (inbox) -> new Loopback(inbox::received))
			.run((context) -> {
				assertThat(context).doesNotHaveBean("memoryPubSubAdapter");
				assertThat(context.getBean(Capability.class).adapter()).isEqualTo("mine");
				assertThat(context.getBean(PubSubManager.class).publish("news", "x", PublishOptions.TO_ALL).state())
					.isEqualTo(SendState.SENT);
			});
	}

	@Test
	void redisCanBeNamed() {
		withRedis().run((context) -> {
			assertThat(context).hasNotFailed().hasBean("redisPubSubAdapter").doesNotHaveBean("memoryPubSubAdapter");
			assertThat(context.getBean(Capability.class).adapter()).isEqualTo("redis");
			assertThat(context.getBean(PubSubManager.class).publish("news", "x").state()).isEqualTo(SendState.SENT);
		});
	}

	@Test
	void redisMayBeAnotherServerThanTheApplications() {
		withRedis().withPropertyValues("spring.data.redis.port=1", "nocobase.cluster.pubsub.connection-factory=other")
			.withBean("other", LettuceConnectionFactory.class,
					() -> new LettuceConnectionFactory(TestRedis.shared().host(), TestRedis.shared().port()))
			.run((context) -> assertThat(context.getBean(PubSubManager.class).publish("news", "x").state())
				.isEqualTo(SendState.SENT));
		withRedis().withPropertyValues("nocobase.cluster.pubsub.connection-factory=nobody")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("nocobase.cluster.pubsub.connection-factory")
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
	void rabbitCanBeNamed() {
		withRabbit().run((context) -> {
			assertThat(context).hasNotFailed().hasBean("rabbitmqPubSubAdapter").doesNotHaveBean("memoryPubSubAdapter");
			assertThat(context.getBean(Capability.class).adapter()).isEqualTo("rabbitmq");
			assertThat(context.getBean(PubSubManager.class).publish("news", "x").state()).isEqualTo(SendState.SENT);
		});
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
	void managerOfTheApplicationWins() {
		this.runner.withBean(PubSubManager.class, UsersManager::new)
			.run((context) -> assertThat(context).hasSingleBean(PubSubManager.class)
				.getBean(PubSubManager.class)
				.isInstanceOf(UsersManager.class));
	}

	@Test
	void canBeSwitchedOff() {
		this.runner.withPropertyValues("nocobase.cluster.pubsub.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(PubSubManager.class));
		this.runner.withPropertyValues("nocobase.cluster.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(PubSubManager.class));
	}

	@Test
	void badValueStopsTheStart() {
		this.runner.withPropertyValues("nocobase.cluster.pubsub.backlog=0")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("nocobase.cluster.pubsub.backlog"));
		this.runner.withPropertyValues("nocobase.cluster.pubsub.resend-buffer=-1")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("nocobase.cluster.pubsub.resend-buffer"));
		this.runner.withPropertyValues("nocobase.cluster.pubsub.publish-timeout=0s")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("nocobase.cluster.pubsub.publish-timeout"));
		this.runner.withPropertyValues("nocobase.cluster.pubsub.max-unconfirmed=0")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("nocobase.cluster.pubsub.max-unconfirmed"));
	}

	@Test
	void worksWithoutSpringTx() {
		this.runner.withClassLoader(new FilteredClassLoader("org.springframework.transaction"))
			.run((context) -> assertThat(context.getBean(PubSubManager.class).publish("news", "x").state())
				.isEqualTo(SendState.SENT));
	}

	@Test
	@EnabledForJreRange(min = JRE.JAVA_21)
	void worksOnVirtualThreads() {
		this.runner.withPropertyValues("spring.threads.virtual.enabled=true")
			.run((context) -> assertThat(context.getBean(Capability.class).health().up()).isTrue());
	}

	@Test
	void listenerThatCannotWorkStopsTheStartWithItsName() {
		this.runner.withBean(TwoParameters.class)
			.run((context) -> assertThat(context).getFailure()
				.hasMessageContaining("TwoParameters.listen(String,String)")
				.hasMessageContaining("one parameter"));
		this.runner.withBean(BadDebounce.class)
			.run((context) -> assertThat(context).getFailure().hasMessageContaining("BadDebounce.listen(String)"));
		this.runner.withBean(BlankChannel.class)
			.run((context) -> assertThat(context).getFailure().hasMessageContaining("BlankChannel.listen(String)"));
	}

	private ApplicationContextRunner withRedis() {
		return this.runner
			.withConfiguration(
					AutoConfigurations.of(DataRedisAutoConfiguration.class, ClusterRedisAutoConfiguration.class))
			.withPropertyValues(TestRedis.shared().properties())
			.withPropertyValues("nocobase.cluster.name=" + UUID.randomUUID(), "nocobase.cluster.pubsub.adapter=redis",
					"nocobase.cluster.worker-id.allocator=local");
	}

	private ApplicationContextRunner withRabbit() {
		return this.runner
			.withConfiguration(
					AutoConfigurations.of(RabbitAutoConfiguration.class, ClusterRabbitAutoConfiguration.class))
			.withPropertyValues("nocobase.cluster.name=" + UUID.randomUUID(),
					"nocobase.cluster.pubsub.adapter=rabbitmq", "nocobase.cluster.worker-id.allocator=local",
					"spring.rabbitmq.addresses=" + TestRabbit.shared().address());
	}

	private record Loopback(Receiver receiver) implements PubSubConnection {

		@Override
		public Subscription subscribe(String channel) {
			return () -> {
			};
		}

		@Override
		public void publish(String channel, byte[] message) {
			this.receiver.received(channel, message);
		}

		@Override
		public void close() {
		}

	}

	private interface Receiver {

		void received(String channel, byte[] message);

	}

	private static final class UsersManager implements PubSubManager {

		@Override
		public <T> Subscription subscribe(String channel, Class<T> type, SubscribeOptions options,
				MessageHandler<? super T> handler) {
			throw new UnsupportedOperationException();
		}

		@Override
		public SendReceipt publish(String channel, Object message, PublishOptions options) {
			throw new UnsupportedOperationException();
		}

	}

	static class TwoParameters {

		@PubSubListener(channel = "news")
		void listen(String text, String more) {
		}

	}

	static class BadDebounce {

		@PubSubListener(channel = "news", debounce = "soon")
		void listen(String text) {
		}

	}

	static class BlankChannel {

		@PubSubListener(channel = " ")
		void listen(String text) {
		}

	}

}
