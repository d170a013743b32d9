package com.nocobase.cluster.actuate;

import java.util.Map;
import java.util.Objects;

import org.junit.jupiter.api.Test;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.FilteredClassLoader;

import com.nocobase.cluster.ClusterRunner;
import com.nocobase.cluster.support.Capability;
import com.nocobase.cluster.support.CapabilityHealth;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Health, one contributor per capability.
 */
class ClusterHealthTests {

	@Test
	void eachCapabilityTellsItsHealthAndItsAdapter() {
		ClusterRunner.instance().run((context) -> {
			CompositeHealthContributor cluster = context.getBean("clusterHealthContributor",
					CompositeHealthContributor.class);
			for (String name : new String[] { "cache", "pubsub", "sync", "queue", "lock", "workerId", "members" }) {
				Health health = health(cluster, name);
				assertThat(health.getStatus()).as(name).isEqualTo(Status.UP);
				assertThat(health.getDetails()).as(name).containsKey("adapter");
			}
		});
	}

	@Test
	void capabilityThatIsNotWellIsDown() {
		Capability broken = new Capability() {

			@Override
			public String name() {
				return "broken";
			}

			@Override
			public String adapter() {
				return "local";
			}

			@Override
			public CapabilityHealth health() {
				return new CapabilityHealth(false, Map.of("unsent", 3));
			}

		};
		ClusterRunner.instance().withBean(Capability.class, () -> broken).run((context) -> {
			Health health = health(context.getBean("clusterHealthContributor", CompositeHealthContributor.class),
					"broken");
			assertThat(health.getStatus()).isEqualTo(Status.DOWN);
			assertThat(health.getDetails()).containsEntry("unsent", 3);
		});
	}

	@Test
	void healthCanBeSwitchedOff() {
		ClusterRunner.instance()
			.withPropertyValues("management.health.cluster.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean("clusterHealthContributor"));
	}

	@Test
	void everythingStartsWithoutBootsHealth() {
		ClusterRunner.instance()
			.withClassLoader(new FilteredClassLoader("org.springframework.boot.health"))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean("clusterHealthContributor"));
	}

	private static Health health(CompositeHealthContributor cluster, String name) {
		HealthIndicator indicator = (HealthIndicator) cluster.getContributor(name);
		Health health = (indicator != null) ? indicator.health() : null;
		return Objects.requireNonNull(health, () -> "There is no " + name);
	}

}
