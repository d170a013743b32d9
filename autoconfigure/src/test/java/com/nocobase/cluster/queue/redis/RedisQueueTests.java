package com.nocobase.cluster.queue.redis;

import org.junit.jupiter.api.Nested;

import com.nocobase.cluster.queue.DedupContract;
import com.nocobase.cluster.queue.PriorityContract;
import com.nocobase.cluster.queue.QueueContract;
import com.nocobase.cluster.queue.QueueFailureContract;
import com.nocobase.cluster.queue.QueueLifeContract;
import com.nocobase.cluster.queue.QueueTestBroker;
import com.nocobase.cluster.queue.TaskLookupContract;
import com.nocobase.cluster.redis.TestRedis;

/**
 * What the event queue promises, on one Redis.
 */
class RedisQueueTests {

	private static QueueTestBroker redis() {
		return new RedisTestBroker(TestRedis.shared().properties());
	}

	@Nested
	class Core extends QueueContract {

		@Override
		protected QueueTestBroker broker() {
			return redis();
		}

	}

	@Nested
	class Failures extends QueueFailureContract {

		@Override
		protected QueueTestBroker broker() {
			return redis();
		}

	}

	@Nested
	class Life extends QueueLifeContract {

		@Override
		protected QueueTestBroker broker() {
			return redis();
		}

	}

	@Nested
	class Lookup extends TaskLookupContract {

		@Override
		protected QueueTestBroker broker() {
			return redis();
		}

	}

	@Nested
	class Deduplication extends DedupContract {

		@Override
		protected QueueTestBroker broker() {
			return redis();
		}

	}

	@Nested
	class Priorities extends PriorityContract {

		@Override
		protected QueueTestBroker broker() {
			return redis();
		}

	}

}
