package com.nocobase.cluster.sample;

import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.Test;

import com.nocobase.cluster.sample.SampleClient.Answer;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The lock adapter {@code redis-lease}.
 */
class RecordsOnRedisLeaseIT extends RecordsContract {

	RecordsOnRedisLeaseIT() {
		super("cluster-redis");
	}

	@Test
	void instanceThatStaysPausedBlocksNobodyForLong() throws SQLException {
		CompletableFuture<Answer> paused = pausedWithinAnInsert(0);
		try {
			assertThat(sort(insert(1))).isEqualTo(1);
		}
		finally {
			process(0).resume();
		}

		assertThat(paused.join().status()).isGreaterThanOrEqualTo(500);
		assertThat(sort(insert(0))).isEqualTo(2);
		assertThat(sorts()).isEqualTo(upTo(2));
	}

}
