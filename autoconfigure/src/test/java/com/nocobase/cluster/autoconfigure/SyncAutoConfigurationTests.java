package com.nocobase.cluster.autoconfigure;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import com.nocobase.cluster.message.SendState;
import com.nocobase.cluster.message.Subscription;
import com.nocobase.cluster.support.Capability;
import com.nocobase.cluster.support.UnknownAdapterException;
import com.nocobase.cluster.sync.SyncAdapter;
import com.nocobase.cluster.sync.SyncConnection;
import com.nocobase.cluster.sync.SyncHandler;
import com.nocobase.cluster.sync.SyncListener;
import com.nocobase.cluster.sync.SyncMessage;
import com.nocobase.cluster.sync.SyncMessageManager;
import com.nocobase.cluster.sync.SyncOptions;
import com.nocobase.cluster.sync.SyncPosition;
import com.nocobase.cluster.sync.SyncReceipt;

import static org.assertj.core.api.Assertions.assertThat;

class SyncAutoConfigurationTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(ClusterAutoConfiguration.class, SyncAutoConfiguration.class));

	@Test
	void memoryIsTheDefault() {
		this.runner.run((context) -> {
			assertThat(context).hasSingleBean(SyncMessageManager.class);
			Capability capability = context.getBean(Capability.class);
			assertThat(capability.name()).isEqualTo("sync");
			assertThat(capability.adapter()).isEqualTo("memory");
			assertThat(capability.health().up()).isTrue();
			assertThat(context.getBean(SyncMessageManager.class).publish("schema", "x").state())
				.isEqualTo(SendState.SENT);
		});
	}

	@Test
	void memoryCanBeNamed() {
		this.runner.withPropertyValues("nocobase.cluster.sync.adapter=memory")
			.run((context) -> assertThat(context).hasBean("memorySyncAdapter"));
	}

	@Test
	void unknownAdapterStopsTheStart() {
		this.runner.withPropertyValues("nocobase.cluster.sync.adapter=carrier-pigeon")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(UnknownAdapterException.class)
				.hasMessageContaining("carrier-pigeon"));
	}

	@Test
	void customAdapterIsABean() {
		this.runner.withPropertyValues("nocobase.cluster.sync.adapter=mine")
			.withBean("mineSyncAdapter", SyncAdapter.class, () -> (inbox) -> new Blackhole())
			.run((context) -> {
				assertThat(context).doesNotHaveBean("memorySyncAdapter");
				assertThat(context.getBean(Capability.class).adapter()).isEqualTo("mine");
				assertThat(context.getBean(SyncMessageManager.class).publish("schema", "x").state())
					.isEqualTo(SendState.SENT);
			});
	}

	@Test
	void managerOfTheApplicationWins() {
		this.runner.withBean(SyncMessageManager.class, UsersManager::new)
			.run((context) -> assertThat(context).hasSingleBean(SyncMessageManager.class)
				.getBean(SyncMessageManager.class)
				.isInstanceOf(UsersManager.class));
	}

	@Test
	void canBeSwitchedOff() {
		this.runner.withPropertyValues("nocobase.cluster.sync.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(SyncMessageManager.class));
		this.runner.withPropertyValues("nocobase.cluster.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(SyncMessageManager.class));
	}

	@Test
	void badValueStopsTheStart() {
		for (String bad : new String[] { "debounce=-1s", "retries=-1", "backlog=0", "resend-buffer=0" }) {
			this.runner.withPropertyValues("nocobase.cluster.sync." + bad)
				.run((context) -> assertThat(context).getFailure()
					.rootCause()
					.hasMessageContaining("nocobase.cluster.sync." + bad.substring(0, bad.indexOf('='))));
		}
	}

	@Test
	void worksWithoutSpringTx() {
		this.runner.withClassLoader(new FilteredClassLoader("org.springframework.transaction"))
			.run((context) -> assertThat(context.getBean(SyncMessageManager.class).publish("schema", "x").state())
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
		this.runner.withBean(NoParameter.class)
			.run((context) -> assertThat(context).getFailure()
				.hasMessageContaining("NoParameter.listen()")
				.hasMessageContaining("one parameter"));
		this.runner.withBean(UnknownResync.class)
			.run((context) -> assertThat(context).getFailure()
				.hasMessageContaining("UnknownResync.listen(SyncMessage)")
				.hasMessageContaining("reload()"));
	}

	private static final class Blackhole implements SyncConnection {

		@Override
		public SyncPosition position() {
			return SyncPosition.START;
		}

		@Override
		public void read() {
		}

		@Override
		public SyncPosition send(String channel, byte[] message) {
			return new SyncPosition(1, 0);
		}

		@Override
		public void tell(String instanceId, byte[] message) {
		}

		@Override
		public void close() {
		}

	}

	private static final class UsersManager implements SyncMessageManager {

		@Override
		public Subscription subscribe(String channel, SyncOptions options, SyncHandler handler) {
			throw new UnsupportedOperationException();
		}

		@Override
		public SyncReceipt publish(String channel, Object message, boolean skipSelf) {
			throw new UnsupportedOperationException();
		}

	}

	static class NoParameter {

		@SyncListener(channel = "schema")
		void listen() {
		}

	}

	static class UnknownResync {

		@SyncListener(channel = "schema", resync = "reload")
		void listen(SyncMessage message) {
		}

		void reload(String everything) {
		}

	}

}
