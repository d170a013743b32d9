package com.nocobase.cluster.actuate;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.FilteredClassLoader;

import com.nocobase.cluster.ClusterApp;
import com.nocobase.cluster.ClusterRunner;
import com.nocobase.cluster.pubsub.PublishOptions;
import com.nocobase.cluster.support.Signals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Counters for what must not happen in silence.
 */
class ClusterMetricsTests {

	@Test
	void handlerThatThrowsIsCounted() {
		ClusterRunner.instance().withBean(MeterRegistry.class, SimpleMeterRegistry::new).run((context) -> {
			ClusterApp app = context.getBean(ClusterApp.class);
			app.pubSubManager().subscribe("news", String.class, (message) -> {
				throw new IllegalStateException("no");
			});
			app.pubSubManager().publish("news", "hello", PublishOptions.ONLY_SELF);
			MeterRegistry registry = context.getBean(MeterRegistry.class);
			await().untilAsserted(() -> assertThat(
					registry.get("nocobase.cluster.pubsub.failed").tag("subject", "news").counter().count())
				.isEqualTo(1));
		});
	}

	@Test
	void nothingIsCountedWithoutAMeterRegistry() {
		ClusterRunner.instance().run((context) -> assertThat(context.getBean(Signals.class)).isSameAs(Signals.NONE));
	}

	@Test
	void everythingStartsWithoutMicrometer() {
		ClusterRunner.instance()
			.withClassLoader(new FilteredClassLoader("io.micrometer"))
			.run((context) -> assertThat(context).hasNotFailed());
	}

}
