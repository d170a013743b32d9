package com.nocobase.cluster.autoconfigure;

import java.util.Map;

import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.mock.env.MockEnvironment;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A server that nobody uses never turns health red.
 */
class UnusedServerHealthDefaultsTests {

	private static final String REDIS = "management.health.redis.enabled";

	private static final String RABBIT = "management.health.rabbit.enabled";

	private final MockEnvironment environment = new MockEnvironment();

	@Test
	void serversThatNobodyUsesAreNotAskedForTheirHealth() {
		process();
		assertThat(this.environment.getProperty(REDIS)).isEqualTo("false");
		assertThat(this.environment.getProperty(RABBIT)).isEqualTo("false");
	}

	@Test
	void capabilityOnRedisLeavesItsIndicatorOn() {
		this.environment.setProperty("nocobase.cluster.lock.adapter", "redis-lease");
		process();
		assertThat(this.environment.getProperty(REDIS)).isNull();
		assertThat(this.environment.getProperty(RABBIT)).isEqualTo("false");
	}

	@Test
	void queueOnRabbitLeavesItsIndicatorOn() {
		this.environment.setProperty("nocobase.cluster.queue.adapter", "rabbitmq");
		process();
		assertThat(this.environment.getProperty(RABBIT)).isNull();
	}

	@Test
	void applicationThatConnectsByItselfKeepsItsIndicator() {
		this.environment.setProperty("spring.data.redis.host", "redis.example.com");
		this.environment.getPropertySources()
			.addFirst(new SystemEnvironmentPropertySource("systemEnvironment",
					Map.of("SPRING_RABBITMQ_HOST", "rabbit.example.com")));
		process();
		assertThat(this.environment.getProperty(REDIS)).isNull();
		assertThat(this.environment.getProperty(RABBIT)).isNull();
	}

	@Test
	void indicatorsOwnPropertyWins() {
		this.environment.setProperty(REDIS, "true");
		process();
		assertThat(this.environment.getProperty(REDIS)).isEqualTo("true");
	}

	private void process() {
		new UnusedServerHealthDefaults().postProcessEnvironment(this.environment, new SpringApplication());
	}

}
