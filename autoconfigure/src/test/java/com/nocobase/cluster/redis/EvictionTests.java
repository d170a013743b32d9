package com.nocobase.cluster.redis;

import java.util.UUID;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import com.nocobase.cluster.autoconfigure.ClusterAutoConfiguration;
import com.nocobase.cluster.autoconfigure.ClusterRedisAutoConfiguration;
import com.nocobase.cluster.autoconfigure.WorkerAutoConfiguration;
import com.nocobase.cluster.support.ClusterConfigurationException;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Worker ids on a server that removes keys when its memory is full.
 */
@ExtendWith(OutputCaptureExtension.class)
class EvictionTests {

	private final RedisProcess redis = RedisProcess.start(RedisOptions.none()
		.with("maxmemory 100mb", "maxmemory-policy allkeys-lru")
		.withUser("limited", "secret", "~{test* &test* +@all -@dangerous"));

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(ClusterAutoConfiguration.class, DataRedisAutoConfiguration.class,
				ClusterRedisAutoConfiguration.class, WorkerAutoConfiguration.class))
		.withPropertyValues(this.redis.properties())
		.withPropertyValues("nocobase.cluster.name=test-" + UUID.randomUUID(),
				"nocobase.cluster.worker-id.allocator=redis");

	@AfterEach
	void stopServer() {
		this.redis.close();
	}

	@Test
	void serverThatEvictsStopsTheStart() {
		this.runner.run((context) -> assertThat(context).getFailure()
			.rootCause()
			.isInstanceOfSatisfying(ClusterConfigurationException.class,
					(ex) -> assertThat(ex.action()).contains("nocobase.cluster.redis.allow-eviction"))
			.hasMessageContaining("worker ids")
			.hasMessageContaining("allkeys-lru"));
	}

	@Test
	void evictionCanBeAllowed() {
		this.runner.withPropertyValues("nocobase.cluster.redis.allow-eviction=true")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void userWhoMustNotAskIsWarned(CapturedOutput output) {
		this.runner.withPropertyValues("spring.data.redis.username=limited", "spring.data.redis.password=secret")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(output).containsOnlyOnce("does not tell its maxmemory-policy").doesNotContain("secret");
			});
	}

}
