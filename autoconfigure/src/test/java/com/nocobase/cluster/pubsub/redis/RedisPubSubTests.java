package com.nocobase.cluster.pubsub.redis;

import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;

import com.nocobase.cluster.pubsub.PubSubContract;
import com.nocobase.cluster.pubsub.PubSubException;
import com.nocobase.cluster.pubsub.PubSubManager;
import com.nocobase.cluster.redis.TestRedis;
import com.nocobase.cluster.support.TestCluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class RedisPubSubTests extends PubSubContract {

	@Override
	protected TestCluster cluster() {
		return RedisInstances.on(TestRedis.shared().properties());
	}

	@Test
	void crashedInstanceIsCutOff() {
		try (TestCluster cluster = RedisInstances.cutOffWhenCrashed()) {
			ConfigurableApplicationContext crashed = cluster.start();
			PubSubManager dead = crashed.getBean(PubSubManager.class);
			Heard unheard = new Heard(crashed, "news");
			PubSubManager publisher = cluster.start().getBean(PubSubManager.class);
			Heard heard = new Heard(cluster.start(), "news");

			cluster.crash(crashed);
			publisher.publish("news", "one");

			assertThatExceptionOfType(PubSubException.class).isThrownBy(() -> dead.publish("news", "from the dead"));
			TestCluster.eventually(() -> assertThat(heard.events()).containsExactly("one"));
			assertThat(unheard.events()).isEmpty();
		}
	}

}
