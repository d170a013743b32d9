package com.nocobase.cluster.queue.rabbit;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;

import com.nocobase.cluster.queue.QueueContract;
import com.nocobase.cluster.queue.QueueFailureContract;
import com.nocobase.cluster.queue.QueueLifeContract;
import com.nocobase.cluster.queue.QueueTestBroker;
import com.nocobase.cluster.rabbit.RabbitCluster;

/**
 * What the event queue promises, on a cluster of three RabbitMQs.
 */
class RabbitClusterQueueTests {

	@BeforeAll
	static void startBroker() {
		RabbitCluster.shared();
	}

	private QueueTestBroker rabbit() {
		return RabbitTestBroker.onThreeNodes();
	}

	@Nested
	class Core extends QueueContract {

		@Override
		protected QueueTestBroker broker() {
			return rabbit();
		}

	}

	@Nested
	class Failures extends QueueFailureContract {

		@Override
		protected QueueTestBroker broker() {
			return rabbit();
		}

	}

	@Nested
	class Life extends QueueLifeContract {

		@Override
		protected QueueTestBroker broker() {
			return rabbit();
		}

	}

}
