package com.nocobase.cluster.sync.memory;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;

import com.nocobase.cluster.support.TestCluster;
import com.nocobase.cluster.sync.SyncContract;
import com.nocobase.cluster.sync.SyncException;
import com.nocobase.cluster.sync.SyncMessageManager;
import com.nocobase.cluster.sync.SyncOptions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class MemorySyncTests extends SyncContract {

	@Override
	protected TestCluster cluster() {
		return TestCluster.inMemory();
	}

	@Test
	void crashedInstanceIsCutOff() {
		try (TestCluster cluster = TestCluster.inMemory("nocobase.cluster.sync.debounce=0s")) {
			ConfigurableApplicationContext crashed = cluster.start();
			SyncMessageManager dead = crashed.getBean(SyncMessageManager.class);
			List<String> unheard = listen(dead);
			List<String> received = listen(cluster.start().getBean(SyncMessageManager.class));

			cluster.crash(crashed);
			cluster.start().getBean(SyncMessageManager.class).publish("schema", "one");

			assertThatExceptionOfType(SyncException.class).isThrownBy(() -> dead.publish("schema", "from the dead"));
			TestCluster.eventually(() -> assertThat(received).containsExactly("one"));
			assertThat(unheard).isEmpty();
		}
	}

	private static List<String> listen(SyncMessageManager manager) {
		List<String> received = new CopyOnWriteArrayList<>();
		manager.subscribe("schema", SyncOptions.DEFAULTS, (message) -> received.add(message.as(String.class)));
		return received;
	}

}
