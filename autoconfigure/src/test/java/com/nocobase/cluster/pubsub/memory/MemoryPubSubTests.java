package com.nocobase.cluster.pubsub.memory;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;

import com.nocobase.cluster.pubsub.PubSubContract;
import com.nocobase.cluster.pubsub.PubSubException;
import com.nocobase.cluster.pubsub.PubSubManager;
import com.nocobase.cluster.support.TestCluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class MemoryPubSubTests extends PubSubContract {

	@Override
	protected TestCluster cluster() {
		return TestCluster.inMemory();
	}

	@Test
	void crashedInstanceIsCutOff() {
		try (TestCluster cluster = cluster()) {
			ConfigurableApplicationContext crashed = cluster.start();
			List<String> unheard = new CopyOnWriteArrayList<>();
			PubSubManager dead = crashed.getBean(PubSubManager.class);
			dead.subscribe("news", String.class, unheard::add);
			PubSubManager publisher = cluster.start().getBean(PubSubManager.class);
			List<String> received = new CopyOnWriteArrayList<>();
			cluster.start().getBean(PubSubManager.class).subscribe("news", String.class, received::add);

			cluster.crash(crashed);
			publisher.publish("news", "one");

			assertThatExceptionOfType(PubSubException.class).isThrownBy(() -> dead.publish("news", "from the dead"));
			TestCluster.eventually(() -> assertThat(received).containsExactly("one"));
			assertThat(unheard).isEmpty();
		}
	}

}
