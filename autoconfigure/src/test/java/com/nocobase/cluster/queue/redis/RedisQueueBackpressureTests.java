package com.nocobase.cluster.queue.redis;

import java.util.Arrays;
import java.util.UUID;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import com.nocobase.cluster.redis.RedisProcess;
import com.nocobase.cluster.support.ChildJvm;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A publisher with little memory whose tasks nobody takes.
 */
class RedisQueueBackpressureTests {

	private final RedisProcess redis = RedisProcess.start();

	private final String app = "app-" + UUID.randomUUID();

	@AfterEach
	void stop() {
		this.redis.close();
	}

	@Test
	@Timeout(60)
	void publisherNeitherFillsItsMemoryNorSlowsDown() {
		// So few take less than a second, in which a busy machine may do something else.
		flood(50_000, 3);
	}

	@Test
	@Tag("chaos")
	void publisherOfAMillionTasksNeitherFillsItsMemoryNorSlowsDown() {
		flood(1_000_000, 1);
	}

	private void flood(int count, int attempts) {
		try (ChildJvm child = ChildJvm.start(QueueChild.class, "-Xmx128m",
				QueueChild.args(this.redis, this.app, "logging.level.root=warn"))) {
			boolean steady = false;
			for (int attempt = 1; attempt <= attempts && !steady; attempt++) {
				String rates = child.ask("flood " + count);
				System.out.printf("%d tasks without a consumer, a second in each fifth: %s%n", count, rates);
				long[] fifths = Arrays.stream(rates.split(" ")).mapToLong(Long::parseLong).toArray();
				steady = fifths[4] >= fifths[0] * 8 / 10;
				assertThat(this.redis.command("LLEN", "{" + this.app + ":q:flood}wait"))
					.isEqualTo("" + attempt * (count + 1));
			}
			assertThat(steady).isTrue();
		}
	}

}
