package com.nocobase.cluster.queue.rabbit;

import org.junit.jupiter.api.BeforeAll;

import com.nocobase.cluster.queue.QueueFailureContract;
import com.nocobase.cluster.queue.QueueTestBroker;
import com.nocobase.cluster.rabbit.RabbitCluster;

/**
 * {@link QueueFailureContract} on three nodes of RabbitMQ.
 */
class RabbitClusterQueueFailureTests extends QueueFailureContract {

	@BeforeAll
	static void findBroker() {
		RabbitCluster.shared();
	}

	@Override
	protected QueueTestBroker broker() {
		return RabbitTestBroker.onThreeNodes();
	}

}
